import EmbeddedPostgreSQL
import NonblockingIO
import Site

/// Why the program cannot start, in words for whoever starts it.
struct StartError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// Turns whatever `body` throws into words.
    static func explaining<Value>(_ body: () throws -> Value) throws(StartError) -> Value {
        do {
            return try body()
        } catch {
            throw StartError("\(error)")
        }
    }
}

extension StartError {
    /// Why the site cannot be started that was to listen at `address`.
    init(_ error: SiteError, at address: SocketAddress) {
        switch error {
        case .loops(let error): self.init("\(error)")
        case .routes(let error): self.init("\(error)")
        case .port(let error): self.init("\(PortProblem(error, at: address))")
        case .database(let error, let reason):
            self.init("\(DatabaseProblem(error, reason: reason, user: SystemUser.current.name))")
        case .tables(let problem): self.init("\(DatabaseProblem(problem))")
        case .cancelled: self.init("the start was given up")
        }
    }
}
