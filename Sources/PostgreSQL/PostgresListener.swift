public import NonblockingIO

/// Listens for NOTIFY on some channels, on a connection of its own that is made again by itself when it is lost.
public actor PostgresListener: PostgresConnectionOwner {
    /// What happens to a listener.
    public enum Event: Sendable {
        /// From now on no notification is missed; before now some may have been.
        case connected
        /// Notifications are missed from now on.
        case disconnected(PostgresError)
        /// Somebody said NOTIFY.
        case notification(channel: String, payload: String)
    }

    /// The loop that it lives on.
    public nonisolated let loop: EventLoop
    private let connection: PostgresConnection
    private let statements: [PostgresStatement]
    private let onEvent: @Sendable (Event) -> Void
    private var isConnected = false

    /// How often the server is asked whether it is there: who only listens would not notice that it has fallen silent.
    private static let timeBetweenQuestions: Duration = .seconds(5)
    private static let question = PostgresStatement("SELECT 'listening'")

    /// The loop, on which all of it runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// A listener that connects when it is started.
    /// - Parameters:
    ///   - channels: names of channels, taken literally.
    ///   - onEvent: called on the loop.
    public init(
        loop: EventLoop, configuration: PostgresConfiguration, channels: [String],
        onEvent: @escaping @Sendable (Event) -> Void
    ) {
        self.loop = loop
        self.onEvent = onEvent
        connection = PostgresConnection(loop: loop, configuration: configuration, kind: .listening(configuration))
        statements = channels.map { PostgresStatement("LISTEN \(Self.quote($0))") }
    }

    deinit { PostgresConnection.abandon([connection], on: loop) }

    /// Connects and listens.
    public func start() { connection.assumeIsolated { $0.start(owner: self) } }

    /// Stops listening; nothing is told after.
    public func close() async { closeConnection() }

    private func closeConnection() {
        isConnected = false
        connection.assumeIsolated { $0.close(PostgresError(.unavailable, "the listener is closed")) }
    }

    /// An identifier as SQL writes it when it may hold any character.
    static func quote(_ identifier: String) -> String {
        "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    nonisolated func connection(_ connection: PostgresConnection, did event: PostgresConnectionEvent) {
        assumeIsolated { listener in
            switch event {
            case .opened: Task(executorPreference: listener.loop) { await listener.listen() }
            case .notification(let channel, let payload):
                listener.onEvent(.notification(channel: channel, payload: payload))
            case .lost(let error):
                guard listener.isConnected else { return }
                listener.isConnected = false
                listener.onEvent(.disconnected(error))
            case .hasRoom: break
            }
        }
    }

    private func listen() async {
        let session = await connection.sessionNumber
        do throws(PostgresError) {
            for statement in statements {
                _ = try await connection.query(statement, [], .alone, inSession: session)
            }
            guard await connection.isOpen, await connection.sessionNumber == session else { return }
            isConnected = true
            onEvent(.connected)
            askLater(inSession: session)
        } catch {
            // Refused, as a standby does: perhaps the next session is with a server that allows it.
            await connection.restart()
        }
    }

    private func askLater(inSession session: Int) {
        loop.schedule(after: Self.timeBetweenQuestions) { [weak self] in
            guard let self else { return }
            Task(executorPreference: self.loop) { await self.ask(inSession: session) }
        }
    }

    /// The connection gives up a server that does not answer.
    private func ask(inSession session: Int) async {
        guard isConnected, await connection.sessionNumber == session else { return }
        do throws(PostgresError) {
            _ = try await connection.query(Self.question, [], .alone, inSession: session)
            askLater(inSession: session)
        } catch {
            // The session is over, which its end has told; the next one has questions of its own.
        }
    }
}
