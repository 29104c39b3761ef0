import NonblockingIO

extension HTTPListener {
    /// How long a client's last segment of a handshake may be on its way, when no further handshake begins: a round trip
    /// in a local network. Who begins one in that time waits a second.
    private static let handshakeTime: Duration = .milliseconds(2)
    /// The same where the kernel's queue was full, so that the last segment was passed over: the client takes itself for
    /// connected, and sends that segment again with its request (RFC 6298 section 2: after a second at first).
    private static let handshakeTimeOfFullQueue: Duration = .milliseconds(1500)
    /// How many are told at a time that there is no place for them: what is left of the descriptors is for these, too.
    private static let mostTurnedAway = 32

    /// Takes no new connections, lets requests in progress end, and comes back when the last connection is closed or
    /// `timeout` is over; at once when it is already stopping.
    ///
    /// Whoever has connected is served, however many wait: a connection that the kernel has completed is not reset, unless
    /// the time is over before its turn; where there is no place for it, it is answered 503. An idle one stays for
    /// `ServerLimits.idleGrace`, since a proxy may be about to use it. Its next answer says that it is the last.
    func stop(within timeout: Duration) async {
        guard !isStopping else { return }
        beginStopping(within: timeout)
        await withCheckedContinuation { continuation in
            // Looked at here and not before: connections may close while this task gets to wait.
            if isClosed, table.count == 0 { continuation.resume() } else { whenEmpty = continuation }
        }
    }

    private func beginStopping(within timeout: Duration) {
        isStopping = true
        unwatch()
        let isFull = socket.isQueueFull
        socket.refuseNewConnections()
        for connection in table.all { connection.assumeIsolated { $0.stop() } }
        let quiet = isFull ? Self.handshakeTimeOfFullQueue : Self.handshakeTime
        schedule(after: min(Self.handshakeTime, timeout)) { $0.empty(quiet: quiet, timeout: timeout) }
        schedule(after: min(limits.idleGrace, timeout)) { $0.closeIdleConnections() }
        schedule(after: timeout) { $0.abort() }
    }

    /// Accepts all who wait, some at a time, and then, when nobody has come for as long as a handshake takes, closes the
    /// socket.
    private func empty(quiet: Duration, timeout: Duration, since last: ContinuousClock.Instant? = nil) {
        guard !isClosed else { return }
        let last = last ?? (timeout == .zero ? loop.now.advanced(by: .zero - quiet) : loop.now)
        do throws(SyscallError) {
            for _ in 0..<Self.acceptBatch {
                let hasPlace = takePlace()
                guard hasPlace || turnedAway < Self.mostTurnedAway else {
                    return schedule(after: Self.handshakeTime) { $0.empty(quiet: quiet, timeout: timeout) }
                }
                do throws(SyscallError) {
                    guard try acceptOne(turnsAway: !hasPlace) else {
                        if hasPlace { share.connections.giveBack() }
                        let silence = last.duration(to: loop.now)
                        if silence >= quiet { return closeSocket() }
                        return schedule(after: min(Self.handshakeTime, quiet - silence)) {
                            $0.empty(quiet: quiet, timeout: timeout, since: last)
                        }
                    }
                } catch {
                    if hasPlace { share.connections.giveBack() }
                    // Otherwise this one connection is lost (accept(2) hands over its network errors).
                    if error.isOutOfResources { throw error }
                }
            }
            // Those that were accepted get their turn.
            schedule(after: .zero) { $0.empty(quiet: quiet, timeout: timeout) }
        } catch {
            restWithoutResources()
            schedule(after: Self.restWithoutResources) { $0.empty(quiet: quiet, timeout: timeout) }
        }
    }

    /// Takes a place, that of an idle connection if there is no other.
    private func takePlace() -> Bool {
        if share.connections.take() { return true }
        return table.closeLongestIdle(for: limits.leastIdleTime) && share.connections.take()
    }

    private func closeSocket() {
        guard !isClosed else { return }
        isClosed = true
        socket.close()
        // Whoever came after the others were closed has as long as they had.
        schedule(after: limits.idleGrace) { $0.closeIdleConnections() }
        noteEnd()
    }

    private func closeIdleConnections() {
        for connection in table.all { connection.assumeIsolated { $0.closeWhenIdle() } }
    }

    private func abort() {
        hasAborted = true
        closeSocket()
        for connection in table.all { connection.assumeIsolated { $0.abort() } }
    }
}
