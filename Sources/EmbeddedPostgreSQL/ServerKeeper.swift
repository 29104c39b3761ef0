import Glibc
import Synchronization

/// A thread of its own, on which a server is started, looked after and stopped, one after the other.
///
/// Starting PostgreSQL waits for processes and files, which would hold up an event loop or the cooperative pool. The
/// thread and its descriptors are there from the start to the stop, so that neither looking after the server nor stopping
/// it needs anything that a program in distress cannot get.
final class ServerKeeper: Sendable {
    typealias Outcome = Result<Void, EmbeddedPostgreSQLError>

    private enum Order {
        case start(unless: @Sendable () -> Bool), stop
    }

    private struct Shared {
        var orders: [(order: Order, continuation: CheckedContinuation<Outcome, Never>)] = []
        /// There as long as the thread is.
        var wakeUp: WakeUp?
        /// Nobody has the cluster any more: the thread ends, and leaves the server running.
        var isLeft = false
        var stopsWanted = 0
        var connectionString: String?
        var account: SystemUser?
    }

    /// What the thread alone has, from a successful start to a successful stop.
    private struct Held {
        /// The data directory's, and the cluster's own if elsewhere.
        let locks: [LockFile]
        let server: Server
        var running: Server.Running
        /// Whether it is started anew when it ends.
        var isWanted = true
        /// What was said since the server was last known to run, so that it is said once.
        var reported: Set<String> = []
    }

    /// How often is looked whether somebody else has told the server to stop, in milliseconds.
    private static let lookInterval: Int32 = 500

    private let configuration: EmbeddedPostgreSQL.Configuration
    private let programs = RunningPrograms()
    private let shared = Mutex(Shared())

    init(_ configuration: EmbeddedPostgreSQL.Configuration) { self.configuration = configuration }

    // MARK: For other threads

    var connectionString: String? { shared.withLock { $0.connectionString } }

    var account: SystemUser? { shared.withLock { $0.account } }

    func start(unless isStopWanted: @escaping @Sendable () -> Bool) async -> Outcome {
        await withCheckedContinuation { perform(.start(unless: isStopWanted), $0) }
    }

    func stop() async -> Outcome {
        shared.withLock { $0.stopsWanted += 1 }
        defer { shared.withLock { $0.stopsWanted -= 1 } }
        return await withCheckedContinuation { perform(.stop, $0) }
    }

    /// Lets the thread end, with the server running.
    func leave() {
        shared.withLock { shared in
            shared.isLeft = true
            shared.wakeUp?.ring()
        }
    }

    func endAtOnce() {
        // A start that is under way gives up; one that has not begun never does.
        shared.withLock { $0.stopsWanted += 1 }
        programs.endAtOnce()
    }

    private func perform(_ order: Order, _ continuation: CheckedContinuation<Outcome, Never>) {
        let outcome: Outcome? = shared.withLock { shared in
            if shared.wakeUp == nil {
                // Nothing runs that could be stopped.
                if case .stop = order { return .success(()) }
                do throws(EmbeddedPostgreSQLError) {
                    let wakeUp = try WakeUp()
                    try beginThread(wakeUp)
                    shared.wakeUp = wakeUp
                } catch {
                    return .failure(error)
                }
            }
            shared.orders.append((order, continuation))
            shared.wakeUp?.ring()
            return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
    }

    /// Begins the thread, which at first waits for the lock that its caller holds.
    private func beginThread(_ wakeUp: WakeUp) throws(EmbeddedPostgreSQLError) {
        final class Work {
            let body: () -> Void
            init(_ body: @escaping () -> Void) { self.body = body }
        }
        let context = Unmanaged.passRetained(Work { self.run(wakeUp) }).toOpaque()
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            },
            context
        )
        guard code == 0 else {
            Unmanaged<Work>.fromOpaque(context).release()
            throw .system(operation: "start", path: "a thread", reason: String(cString: strerror(code)))
        }
        pthread_detach(thread)
    }

    // MARK: On the thread

    private func run(_ wakeUp: WakeUp) {
        var held: Held?
        while true {
            wakeUp.clear()
            let (next, isEnd) = shared.withLock { shared in
                if !shared.orders.isEmpty { return (Optional(shared.orders.removeFirst()), false) }
                let isEnd = held == nil || shared.isLeft
                if isEnd { shared.wakeUp = nil }
                return (nil, isEnd)
            }
            if let next {
                let outcome: Outcome
                do throws(EmbeddedPostgreSQLError) {
                    try carryOut(next.order, &held)
                    outcome = .success(())
                } catch {
                    outcome = .failure(error)
                }
                next.continuation.resume(returning: outcome)
            } else if isEnd {
                return
            } else {
                lookAfter(&held, wakeUp)
            }
        }
    }

    private func carryOut(_ order: Order, _ held: inout Held?) throws(EmbeddedPostgreSQLError) {
        switch order {
        case .start(let isStopWanted):
            let isStopWanted: @Sendable () -> Bool = { isStopWanted() || self.isStopWanted }
            if held == nil {
                held = try begin(unless: isStopWanted)
            } else if case .ended? = held?.running.process.state {
                try restart(&held, unless: isStopWanted)
            }
            held?.isWanted = true
        case .stop:
            guard let process = held?.running.process else { return }
            held?.isWanted = false
            try Server.shutDown(process, configuration.patience, within: configuration.patience.fastShutdown)
            programs.setServer(nil)
            held = nil
        }
    }

    private var isStopWanted: Bool { shared.withLock { $0.stopsWanted > 0 || $0.isLeft } }

    private func begin(unless isStopWanted: @escaping @Sendable () -> Bool) throws(EmbeddedPostgreSQLError) -> Held {
        let (server, locks) = try Server.prepare(configuration, programs, unless: isStopWanted)
        var running = try server.start()
        do {
            if running.isTakenOver, try server.maxConnections(running.file) < server.wantedConnections {
                configuration.log("the PostgreSQL that was left running takes too few connections, and is started anew")
                try Server.shutDown(running.process, server.patience, within: server.patience.fastShutdown)
                running = try server.start()
            }
            try server.makeDatabase(running.file)
        } catch {
            // What was found running, and is not understood, is left as it was found.
            if !running.isTakenOver || error == .stopped {
                // The first error is the one to tell; a server that does not stop is taken over by the next start.
                try? Server.shutDown(running.process, server.patience, within: server.patience.fastShutdown)
            }
            throw error
        }
        shared.withLock { shared in
            shared.connectionString = Self.connectionString(running.file)
            shared.account = server.location.account
        }
        return Held(locks: locks, server: server, running: running)
    }

    private func restart(
        _ held: inout Held?,
        unless isStopWanted: @escaping @Sendable () -> Bool
    ) throws(EmbeddedPostgreSQLError) {
        guard var server = held?.server else { return }
        programs.setServer(nil)
        server.runner.isStopWanted = isStopWanted
        let running = try server.start()
        held?.running = running
        shared.withLock { $0.connectionString = Self.connectionString(running.file) }
    }

    /// Waits for an order or for something to happen to the server, and sees to that.
    private func lookAfter(_ held: inout Held?, _ wakeUp: WakeUp) {
        guard let current = held else { return }
        guard configuration.isKeptRunning, current.isWanted else { return wakeUp.wait(milliseconds: -1) }
        func report(_ line: String) {
            if held?.reported.insert(line).inserted == true { configuration.log(line) }
        }
        switch current.running.process.wait(milliseconds: Self.lookInterval, orFor: wakeUp.descriptor) {
        case .running:
            held?.reported = []
            hurryStop(of: current)
        case .unknown(let reason): report("whether PostgreSQL runs cannot be told now, and is asked again: \(reason)")
        case .ended(let status):
            // A stop may have come first.
            guard shared.withLock({ $0.orders.isEmpty && !$0.isLeft }) else { return }
            let how = status.map { " (exit status \($0))" } ?? ""
            report("PostgreSQL has ended by itself\(how) and is started anew")
            do throws(EmbeddedPostgreSQLError) {
                try restart(&held) { self.isStopWanted }
            } catch {
                if error != .stopped {
                    report("PostgreSQL has died and cannot be started, which is tried again: \(error)")
                }
                wakeUp.wait(milliseconds: Int32(configuration.patience.restart / .milliseconds(1)))
            }
        }
    }

    /// A server that somebody else has told to stop by SIGTERM takes no new connections, and ends only when the last client
    /// is gone, which may be never: it is told to end at once, and is then started anew.
    private func hurryStop(of held: Held) {
        // Where the file cannot be read it is looked at again half a second later.
        let file = try? PostmasterFile.read(in: held.server.location.path)
        guard let file, file.pid == held.running.process.pid, file.status == .stopping else { return }
        held.running.process.signal(SIGINT)
    }

    private static func connectionString(_ postmaster: PostmasterFile) -> String {
        var host = ""
        for character in postmaster.socketDirectory.unicodeScalars {
            if character == "'" || character == "\\" { host.unicodeScalars.append("\\") }
            host.unicodeScalars.append(character)
        }
        return "host='\(host)' port=\(postmaster.port) dbname=\(Server.name) user=\(Server.name)"
    }
}
