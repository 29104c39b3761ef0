internal import DequeModule

extension SerialLaneStateMachine {
    var hasOpen: Bool { connections.contains { $0.isOpen } }
    var hasWaiting: Bool { !newcomers.isEmpty || !returning.isEmpty }

    // MARK: Lending

    /// Lends a connection to the client, or has it wait for one: as long as its patience, but where there is none as long
    /// as `acquireTimeout`.
    mutating func acquire(_ number: Int, at now: Instant) {
        if let closedBy { return refuse(number, closedBy) }
        guard let client = clients[number] else { return }
        idleDeadline = nil
        if !hasWaiting, lendFree(to: number, isAgain: client.isAgain) { return }
        guard newcomers.count + returning.count < limits.maxWaiting else {
            return refuse(number, PostgresError(.busy, "too many wait for a connection"))
        }
        if let missingSince, now - missingSince > limits.acquireTimeout, !hasOpen { return refuse(number, latestError) }
        let longest = now + limits.acquireTimeout
        let waiter = Waiter(client: number, deadline: hasOpen ? max(now, client.end ?? longest) : longest)
        if client.isAgain { returning.append(waiter) } else { newcomers.append(waiter) }
        setTimer(at: waiter.deadline)
    }

    private mutating func lendFree(to client: Int, isAgain: Bool) -> Bool {
        // One connection is left to newcomers, where there are several.
        let lentAgain = connections.count { $0.isForAgain }
        if isAgain && lentAgain >= max(1, limits.connections - 1) { return false }
        guard let place = connections.firstIndex(where: { $0.isOpen && $0.user == nil }) else { return false }
        connections[place].user = client
        connections[place].isForAgain = isAgain
        lastWasAgain = isAgain
        actions.append(.lend(connections[place].number, to: client))
        return true
    }

    /// Newcomers and those who were put aside take turns.
    private mutating func lendToWaiting() {
        while true {
            let prefersAgain = newcomers.isEmpty || !lastWasAgain
            if prefersAgain, let first = returning.first, lendFree(to: first.client, isAgain: true) {
                returning.removeFirst()
            } else if let first = newcomers.first, lendFree(to: first.client, isAgain: false) {
                newcomers.removeFirst()
            } else {
                return
            }
        }
    }

    /// Takes a connection back.
    mutating func takeBack(from client: Int) {
        guard let place = connections.firstIndex(where: { $0.user == client }) else { return }
        connections[place].user = nil
        connections[place].isForAgain = false
        if limits.lifetime == .once { close(connections[place].number, Self.notNeeded) }
    }

    /// What follows from whatever has happened.
    mutating func settle(at now: Instant) {
        lendToWaiting()
        let isTaken = connections.allSatisfy { $0.user != nil }
        if hasWaiting && isTaken && connections.count < limits.connections { connect(at: now) }
        closeWhatIsIdle(at: now)
    }

    // MARK: Connections

    static var notNeeded: PostgresError { PostgresError(.unavailable, "the connection is not needed any more") }

    mutating func connect(at now: Instant) {
        if !hasOpen && missingSince == nil { missingSince = now }
        connectionsMade += 1
        connections.append(Connection(number: connectionsMade))
        actions.append(.connect(connectionsMade))
    }

    /// Queries can be sent on the connection, in a new session.
    mutating func opened(_ connection: Int, at now: Instant) {
        guard let place = connections.firstIndex(where: { $0.number == connection }) else { return }
        connections[place].isOpen = true
        missingSince = nil
        settle(at: now)
    }

    /// The connection was lost or could not be made; another attempt is made by itself.
    mutating func lost(_ connection: Int, _ error: PostgresError, at now: Instant) {
        guard let place = connections.firstIndex(where: { $0.number == connection }) else { return }
        connections[place].isOpen = false
        latestError = error
        if !hasOpen && missingSince == nil { missingSince = now }
        settle(at: now)
    }

    /// Closes what nobody needs, where connections do not live as long as the pool.
    private mutating func closeWhatIsIdle(at now: Instant) {
        guard limits.lifetime != .pool, !hasWaiting, idleDeadline == nil, connections.allSatisfy({ $0.user == nil })
        else { return }
        guard case .use(let idle) = limits.lifetime, hasOpen else { return closeConnections(Self.notNeeded) }
        idleDeadline = now + idle
        setTimer(at: now + idle)
    }

    mutating func closeConnections(_ error: PostgresError) {
        for connection in connections { close(connection.number, error) }
    }

    private mutating func close(_ number: Int, _ error: PostgresError) {
        connections.removeAll { $0.number == number }
        if connections.isEmpty { missingSince = nil }
        actions.append(.close(number, error))
    }
}
