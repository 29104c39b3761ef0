internal import Glibc
internal import NonblockingIO
internal import Synchronization

/// Looks host names up away from the loops, and remembers what they last were.
///
/// libpq looks them up with a call that blocks, for half a minute where the name server is silent. Each name has at most
/// one thread, however many connections wait for it.
final class NameResolver: Sendable {
    struct Failure: Error { let message: String }
    /// Gives the addresses of a name, and blocks as long as it takes.
    typealias LookUp = @Sendable (String) throws(Failure) -> [String]

    private struct Entry {
        var addresses: [String] = []
        var failure: String?
        var isLookingUp = false
        /// Who waits for the look-up, each once.
        var waiting: [ObjectIdentifier: @Sendable () -> Void] = [:]
    }

    static let system = NameResolver(systemAddresses)

    private let lookUp: LookUp
    private let entries = Mutex<[String: Entry]>([:])

    init(_ lookUp: @escaping LookUp) { self.lookUp = lookUp }

    /// Begins to look the names up; `done` is called on any thread each time when one of them is through.
    func resolve(_ names: [String], for waiter: AnyObject, _ done: @escaping @Sendable () -> Void) {
        for name in names {
            let begins = entries.withLock { entries in
                entries[name, default: Entry()].waiting[ObjectIdentifier(waiter)] = done
                defer { entries[name]?.isLookingUp = true }
                return entries[name]?.isLookingUp == false
            }
            guard begins else { continue }
            do throws(SyscallError) {
                try OwnThread.startOrThrow {
                    self.finish(name, Result { () throws(Failure) in try self.lookUp(name) })
                }
            } catch {
                finish(name, .failure(Failure(message: "no thread to look it up: \(error)")))
            }
        }
    }

    private func finish(_ name: String, _ outcome: Result<[String], Failure>) {
        let waiting = entries.withLock { entries in
            entries[name]?.isLookingUp = false
            switch outcome {
            case .success(let addresses):
                entries[name]?.addresses = addresses
                entries[name]?.failure = nil
            // What it was before may well be right still.
            case .failure(let failure): entries[name]?.failure = failure.message
            }
            defer { entries[name]?.waiting = [:] }
            return entries[name]?.waiting ?? [:]
        }
        for done in waiting.values { done() }
    }

    /// Whether one of the names is being looked up.
    func isLookingUp(_ names: [String]) -> Bool {
        entries.withLock { entries in names.contains { entries[$0]?.isLookingUp == true } }
    }

    /// The addresses that the name had when it was last found.
    func addresses(of name: String) -> [String] { entries.withLock { $0[name]?.addresses ?? [] } }

    /// Why the name has no address.
    func failure(of name: String) -> String {
        entries.withLock { $0[name]?.isLookingUp == true ? nil : $0[name]?.failure } ?? "no answer from the name server"
    }

    /// By getaddrinfo(3), in the system's order (RFC 6724), as libpq does; as numbers, by getnameinfo(3).
    private static func systemAddresses(of name: String) throws(Failure) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &list)
        guard code == 0 else { throw Failure(message: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let entry = next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = socklen_t(text.count)
            if getnameinfo(entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, length, nil, 0, NI_NUMERICHOST) == 0
            {
                addresses.append(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
            }
            next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw Failure(message: "it has no address") }
        return addresses
    }
}
