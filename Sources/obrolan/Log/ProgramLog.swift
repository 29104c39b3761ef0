import Glibc
import HTTPTransport
import Logging
import NonblockingIO
import Synchronization

/// The program's log: takes lines from any thread without ever waiting, and writes them on one of its own.
///
/// Whoever reads it may be slow or stand still (a full pipe, a terminal after Ctrl-S). Then lines are kept, up to a limit,
/// and what comes beyond it is counted and lost; the log says how many are missing, where they are missing. Lines of one
/// thread come in their order. Nothing is made into text that is not written: event loops only put things aside.
final class ProgramLog: Sendable {
    private enum Entry {
        case line(LogLine)
        /// As it is, without time and level.
        case text(String)
        case answer(AccessRecord, time: Int64)
        /// Tells that everything before it was written.
        case mark(WakeUpCall, isLast: Bool)

        /// About how many bytes of memory it takes.
        var cost: Int {
            switch self {
            case .line(let line): 128 + line.message.utf8.count
            case .text(let text): 128 + text.utf8.count
            case .answer(let record, _): 160 + record.peer.utf8.count + (record.target?.utf8.count ?? 0)
            case .mark: 0
            }
        }
    }

    private struct State {
        var entries: [Entry] = []
        var cost = 0
        var lost = 0
        var repeats: RepeatedFailures
    }

    private let descriptor: Int32
    private let capacity: Int
    private let redaction: @Sendable (String) -> String
    private let state: Mutex<State>
    private let work = WakeUpCall()

    /// Begins to write.
    /// - Parameters:
    ///   - descriptor: where to; not closed at the end.
    ///   - capacity: how many bytes wait at most, about. The writer may have as many in its hands.
    ///   - window: for how long, at first, the same failure is only counted after it was told.
    ///   - redaction: takes out of a line what must not be read.
    init(
        _ descriptor: Int32, capacity: Int = 8 << 20, window: Duration = .seconds(10),
        redaction: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.descriptor = descriptor
        self.capacity = capacity
        self.redaction = redaction
        state = Mutex(State(repeats: RepeatedFailures(window: window)))
        OwnThread.start { self.write() }
    }

    // MARK: Taking

    /// Puts a line aside, or counts it when it says again what was just said; counts it as lost when there is no room.
    func append(_ line: LogLine) {
        state.withLock { state in
            // What is no failure has no need to be looked at.
            if line.level >= .warning, !state.repeats.admit(line, at: .now) { return }
            put(.line(line), in: &state, isImportant: line.level >= .warning)
        }
        work.signal()
    }

    /// Puts text aside that is for whoever started the program, and has neither time nor level; it may have several lines.
    func append(text: String) {
        state.withLock { put(.text(text), in: &$0, isImportant: true) }
        work.signal()
    }

    /// - Parameter isImportant: a quarter of the room is for what is: a flood of requests does not hide an error.
    private func put(_ entry: Entry, in state: inout State, isImportant: Bool) {
        let cost = entry.cost
        guard state.cost + cost <= (isImportant ? capacity : capacity / 4 * 3) else {
            state.lost += 1
            return
        }
        state.cost += cost
        state.entries.append(entry)
    }

    /// Waits until all that came before was written, but no longer than `timeout`; this blocks the thread.
    /// - Returns: whether it was.
    func flush(within timeout: Duration) -> Bool { mark(isLast: false, timeout) }

    /// Tells how often the failures came that are only counted, writes what is left, and ends, all within `timeout`; what is
    /// said later is lost.
    @discardableResult
    func close(within timeout: Duration) -> Bool {
        state.withLock { state in
            for line in state.repeats.takeAll() { put(.line(line), in: &state, isImportant: true) }
        }
        return mark(isLast: true, timeout)
    }

    private func mark(isLast: Bool, _ timeout: Duration) -> Bool {
        let call = WakeUpCall()
        state.withLock { $0.entries.append(.mark(call, isLast: isLast)) }
        work.signal()
        return call.wait(for: timeout)
    }

    // MARK: Writing

    /// How much is made before it is written.
    private static let piece = 32 * 1024

    private func write() {
        // A reader that goes away is an error of the write; the signal that comes with it is this thread's.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var text = LogText(redaction: redaction)
        while true {
            let wait = state.withLock { $0.repeats.untilDue(at: .now) }
            _ = work.wait(for: wait)
            let (entries, lost) = state.withLock { state in
                for line in state.repeats.takeDue(at: .now) { put(.line(line), in: &state, isImportant: true) }
                defer { (state.entries, state.cost, state.lost) = ([], 0, 0) }
                return (state.entries, state.lost)
            }
            var marks: [WakeUpCall] = []
            var isLast = false
            for entry in entries {
                switch entry {
                case .line(let line): text.append(line)
                case .text(let words): text.append(words)
                case .answer(let record, let time): text.append(record, time: time)
                case .mark(let call, let last):
                    marks.append(call)
                    isLast = isLast || last
                }
                if text.bytes.count >= Self.piece { writeOut(&text) }
            }
            if lost > 0 {
                text.append(
                    LogLine(
                        level: .warning, label: "obrolan.log",
                        message: "\(lost) lines are missing here: they came faster than the log is read"))
            }
            writeOut(&text)
            for call in marks { call.signal() }
            if isLast { return }
        }
    }

    private func writeOut(_ text: inout LogText) {
        text.bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if count < 0, errno == EAGAIN {
                    // Somebody who shares the descriptor has made it non-blocking.
                    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&entry, 1, -1)
                } else if count == 0 || errno != EINTR {
                    // There is no reader any more, or no disk: there is nobody to tell.
                    return
                }
            }
        }
        text.bytes.removeAll(keepingCapacity: true)
    }
}

extension ProgramLog: AccessLog {
    func record(_ record: AccessRecord) {
        let time = LogLine.now
        state.withLock { put(.answer(record, time: time), in: &$0, isImportant: false) }
        work.signal()
    }
}
