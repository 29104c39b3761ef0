import Chat
import ChatWeb
import HTTPTransport
import Logging
import NonblockingIO
import PostgreSQL

/// The one assembly of a running site, for the program, the tests and the benchmarks.
package enum Site {
    /// Connects to the database, makes its tables or upgrades them, and serves.
    ///
    /// A task that is cancelled gives up what it waits for, and leaves nothing behind.
    package static func start(_ settings: SiteSettings) async throws(SiteError) -> RunningSite {
        var database = settings.database
        database.settings = ChatDatabase.settings
        let reason = LastReason()
        database.log = { [log = settings.database.log] message in
            reason.set(message)
            log(message)
        }
        let loops = try makeLoops(count: settings.sockets.count)
        let shares = loops.map { (loop: $0, database: PostgresPool(loop: $0, configuration: database)) }
        let pools = shares.map(\.database)
        for pool in pools { await pool.start() }
        do {
            if settings.makesTables { try await prepare(pools, settings.files.schema, reason) }
            return try await serve(
                settings,
                NewsExchange(
                    loops: shares, configuration: database, roomCache: settings.roomCache,
                    editWindow: settings.editWindow), loops)
        } catch {
            for pool in pools { await pool.close() }
            throw error
        }
    }

    private static func makeLoops(count: Int) throws(SiteError) -> [EventLoop] {
        var loops: [EventLoop] = []
        do throws(SyscallError) {
            for index in 0..<count { loops.append(try EventLoop(label: "obrolan.loop.\(index)")) }
        } catch {
            throw .loops(error)
        }
        return loops
    }

    private static func prepare(
        _ pools: [PostgresPool], _ schema: Schema, _ reason: LastReason
    ) async throws(SiteError) {
        let problem = await withTaskCancellationHandler {
            await TableMaking(pools[0], schema).run()
        } onCancel: {
            // What waits for the database waits no longer than its connections are there.
            Task { for pool in pools { await pool.close() } }
        }
        guard !Task.isCancelled else { throw .cancelled }
        switch problem {
        case nil: return
        case .database(let error): throw .database(error, reason: reason.value)
        case .some(let problem): throw .tables(problem.description)
        }
    }

    private static func serve(
        _ settings: SiteSettings, _ news: NewsExchange, _ loops: [EventLoop]
    ) async throws(SiteError) -> RunningSite {
        let responders: [LoopResponder]
        do {
            responders = try news.stations.map { station in
                LoopResponder(
                    hosts: settings.hosts, refusals: settings.refusals, files: settings.files.publicFiles,
                    chat: try ChatApplication(
                        station: station, hasSecureCookies: settings.hasSecureCookies, refusals: settings.refusals,
                        pages: settings.files.pages))
            }
        } catch {
            throw .routes(error)
        }
        let logger = Logger(label: "obrolan.server")
        do throws(SyscallError) {
            let server = try HTTPServer(
                sockets: settings.sockets, loops: loops, responders: responders, limits: settings.limits,
                trustedProxies: settings.trustedProxies, accessLog: settings.accessLog
            ) { notice in logger.warning("\(notice)") }
            await news.start()
            try await server.start()
            return RunningSite(server: server, news: news, loops: loops)
        } catch {
            throw .port(error)
        }
    }
}
