import Glibc

extension Server {
    /// Returns a running server: one that a killed program left running, else a new one.
    func start() throws(EmbeddedPostgreSQLError) -> Running {
        if let running = try takeOver() { return running }

        let sockets = try SocketDirectory.make(forCluster: location.path, account: location.account)
        // Left by a kill, it may name a living stranger. The cluster's own lock file comes before it.
        unlink("\(sockets)/.s.PGSQL.\(SocketDirectory.port).lock")
        let command = command(sockets)
        let begin = ContinuousClock.now
        var peacefulEnds = 0
        while true {
            if runner.isStopWanted() { throw .stopped }
            let mark = log.end
            let child = try ChildProcess.start(
                command,
                as: location.account,
                output: log.descriptor,
                errors: log.descriptor
            )
            runner.programs.setServer(child)
            let status: Int32?
            do throws(EmbeddedPostgreSQLError) {
                switch try waitUntilReady(child, mark) {
                case .ready(let file): return Running(process: child, file: file, isTakenOver: false)
                case .ended(let endStatus): status = endStatus
                }
            } catch {
                // The first error is the one to tell; a server that does not stop is taken over by the next start.
                try? Self.shutDown(child, patience, within: patience.startShutdown)
                throw error
            }
            // It ends in peace only when it is told to: by a SIGTERM to everybody, say. Nobody says so for ever.
            if status == 0, peacefulEnds < 3 {
                peacefulEnds += 1
                continue
            }
            // After a kill of the postmaster alone its orphans need a moment to notice.
            let isHeld = log.tail(from: mark).contains("pre-existing shared memory block")
            guard isHeld, ContinuousClock.now - begin < patience.orphans else {
                throw failure(since: mark) { .startFailed(log: $0) }
            }
            usleep(50_000)
        }
    }

    private enum Beginning {
        case ready(PostmasterFile)
        case ended(Int32?)
    }

    /// Waits as long as the server lives until it says ready: a crash recovery takes the time that it takes. It throws
    /// `stopped`, when a stop is wanted, and `startTimedOut` for a process that has not announced itself.
    private func waitUntilReady(_ process: WatchedProcess, _ mark: Int) throws(EmbeddedPostgreSQLError) -> Beginning {
        let begin = ContinuousClock.now
        var nextReport = begin + patience.report
        var reported: Set<String> = []
        func reportOnce(_ line: String) { if reported.insert(line).inserted { report(line) } }

        while true {
            if runner.isStopWanted() { throw .stopped }
            switch process.wait(milliseconds: ProgramRunner.pause) {
            case .running: break
            case .ended(let status): return .ended(status)
            case .unknown(let reason):
                reportOnce(
                    "whether PostgreSQL (pid \(process.pid)) runs cannot be told now, and is asked again: \(reason)")
            }
            do throws(EmbeddedPostgreSQLError) {
                let file = try PostmasterFile.read(in: location.path)
                let isAnnounced = file?.pid == process.pid
                if let file, isAnnounced, file.status == .ready { return .ready(file) }
                guard isAnnounced || ContinuousClock.now - begin < patience.announcement else {
                    throw .startTimedOut(seconds: Int(patience.announcement / .seconds(1)), log: log.tail(from: mark))
                }
            } catch {
                guard case .system = error else { throw error }
                reportOnce("whether PostgreSQL is ready cannot be told now, and is asked again: \(error)")
            }
            if ContinuousClock.now >= nextReport {
                let seconds = Int((ContinuousClock.now - begin) / .seconds(1))
                let last = log.tail(from: mark).split(separator: "\n").last.map { ": \($0)" } ?? ""
                report("PostgreSQL has been starting, or recovering from a crash, for \(seconds) s\(last)")
                nextReport += patience.report
            }
        }
    }

    // MARK: Taking over

    /// Waits for the server that a killed program has left, if it lives; nil when a new one has to be started.
    private func takeOver() throws(EmbeddedPostgreSQLError) -> Running? {
        guard let remains = try PostmasterFile.read(in: location.path) else { return nil }
        // The pidfd comes first: what is found out about the process is true of it when it still runs afterwards.
        guard let process = try WatchedProcess(existing: remains.pid) else { return nil }
        let identity = identity(of: remains.pid)
        switch process.state {
        case .running: break
        // It may still have an entry, until its parent waits for it; a new server would take it for its rival.
        case .ended: return try forget(remains)
        case .unknown(let reason):
            throw .unknownServer(path: location.path, pid: remains.pid, reason: reason)
        }
        switch identity {
        case .other: return try forget(remains)
        case .unknown(let reason): throw .unknownServer(path: location.path, pid: remains.pid, reason: reason)
        case .server: runner.programs.setServer(process)
        }
        // Left alone, a smart shutdown would last until the last client is gone.
        if remains.status == .stopping { try Self.shutDown(process, patience, within: patience.fastShutdown) }
        do throws(EmbeddedPostgreSQLError) {
            guard case .ready(let file) = try waitUntilReady(process, log.end) else { return nil }
            return Running(process: process, file: file, isTakenOver: true)
        } catch {
            if case .stopped = error { try Self.shutDown(process, patience, within: patience.startShutdown) }
            throw error
        }
    }

    /// Removes the file of a server that does not run. Should one run after all, the new server still finds the
    /// shared memory of this cluster in use and refuses to start.
    private func forget(_ remains: PostmasterFile) throws(EmbeddedPostgreSQLError) -> Running? {
        let path = PostmasterFile.path(in: location.path)
        if try PostmasterFile.read(in: location.path) == remains, unlink(path) != 0, errno != ENOENT {
            throw FileSystem.failure("remove", path)
        }
        return nil
    }

    private enum Identity {
        case server, other
        case unknown(String)
    }

    /// Whether the process is a server of this cluster, which works in the cluster's folder and is of its owner.
    ///
    /// The id alone proves nothing: after a reboot or in a new container any process may have it, and a copied data
    /// directory has the original's. stat(2) follows the link of `/proc`, also where the path has changed, and needs no
    /// descriptor.
    private func identity(of pid: pid_t) -> Identity {
        var (directory, cluster) = (stat(), stat())
        guard stat(location.path, &cluster) == 0 else { return .unknown(String(cString: strerror(errno))) }
        if stat("/proc/\(pid)/cwd", &directory) == 0 {
            return directory.st_ino == cluster.st_ino && directory.st_dev == cluster.st_dev ? .server : .other
        }
        let reason = String(cString: strerror(errno))
        // Unless we are root the server is of our own user, and may be signalled.
        return geteuid() != 0 && kill(pid, 0) != 0 && errno == EPERM ? .other : .unknown(reason)
    }

    // MARK: Stopping

    /// Stops the server by a fast shutdown (SIGINT): sessions are ended, everything is written, nothing to recover. After
    /// `limit` an immediate one (SIGQUIT) follows, which the next start recovers from.
    ///
    /// - Throws: `stopTimedOut`, when it still runs then.
    static func shutDown(
        _ process: WatchedProcess,
        _ patience: ServerPatience,
        within limit: Duration
    ) throws(EmbeddedPostgreSQLError) {
        process.signal(SIGINT)
        if hasEnded(process, within: limit) { return }
        process.signal(SIGQUIT)
        if hasEnded(process, within: patience.immediateShutdown) { return }
        let seconds = Int((limit + patience.immediateShutdown) / .seconds(1))
        throw .stopTimedOut(pid: process.pid, seconds: seconds)
    }

    private static func hasEnded(_ process: WatchedProcess, within limit: Duration) -> Bool {
        let deadline = ContinuousClock.now + limit
        while true {
            if case .ended = process.wait(milliseconds: ProgramRunner.pause) { return true }
            if ContinuousClock.now >= deadline { return false }
        }
    }
}
