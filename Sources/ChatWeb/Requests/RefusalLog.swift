import Logging
import Synchronization

/// Tells the operator why requests were refused, and no more often than it is read: who sends them decides how many
/// there are.
package final class RefusalLog: Sendable {
    private struct State {
        var lastTimes: [String: ContinuousClock.Instant] = [:]
        var leftOut = 0
    }

    /// How long the same is not told again.
    private static let silence: Duration = .seconds(60)
    /// How many different ones are told of in that time.
    static let maxLines = 32
    /// Bytes of what a client has sent that are shown.
    private static let maxShown = 120

    // A lock is right here: what is refused is rare, and one log for all loops says a thing once.
    private let state = Mutex(State())
    private let write: @Sendable (String) -> Void

    /// Writes to the program's log, as notices.
    package convenience init() {
        let logger = Logger(label: "obrolan.chat")
        self.init { logger.notice("\($0)") }
    }

    init(write: @escaping @Sendable (String) -> Void) { self.write = write }

    /// Writes a line unless one of the same key was written within a minute, or too many of others were.
    func note(_ key: String, at now: ContinuousClock.Instant = .now, _ line: () -> String) {
        let key = Self.shown(key)
        let leftOut: Int? = state.withLock { state in
            if let last = state.lastTimes[key], now - last < Self.silence {
                state.leftOut += 1
                return nil
            }
            if state.lastTimes.count >= Self.maxLines {
                state.lastTimes = state.lastTimes.filter { now - $0.value < Self.silence }
            }
            guard state.lastTimes.count < Self.maxLines else {
                state.leftOut += 1
                return nil
            }
            state.lastTimes[key] = now
            defer { state.leftOut = 0 }
            return state.leftOut
        }
        guard let leftOut else { return }
        write(leftOut == 0 ? line() : "\(line()) (\(leftOut) refusals before it were not logged)")
    }

    /// What a client has sent, in quotes, escaped and cut.
    static func shown(_ text: String) -> String {
        let prefix = String(decoding: text.utf8.prefix(maxShown), as: UTF8.self)
        return (prefix.utf8.count < text.utf8.count ? prefix + "…" : prefix).debugDescription
    }
}
