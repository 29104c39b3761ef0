import TestSupport

@testable import PostgreSQL

extension SimulatedPool {
    private var laneConnections: Int { connections.count { $0.number > 0 } }
    private var hasOpen: Bool { connections.contains { $0.number > 0 && $0.isOpen } }

    // MARK: Telling

    /// Tells the lane what has happened, and does what is to be done about it.
    mutating func tellLane(
        _ event: @autoclosure () -> String, _ tell: (inout SerialLaneStateMachine, Instant) -> Void
    ) throws(Violation) {
        tell(&lane, now)
        note("lane: \(event())")
        try performLane()
        laneModel.rest(at: now)
        try checkLaneRest()
    }

    /// Somebody wants to run a statement, or to have a connection for a while.
    mutating func ask(borrows: Bool) throws(Violation) {
        let end = borrows ? nil : now + lane.limits.patience
        let state = laneModel.wait(hasOpen: hasOpen, end: end, at: now)
        // The machine gives the number, and answers only when it is asked for what to do.
        let number = borrows ? lane.borrow(at: now) : lane.submit(at: now)
        laneModel.clients[number] = SerialLaneModel.Client(end: end, state: state)
        note("lane: \(borrows ? "borrow" : "submit") \(number)")
        let isHopeless = laneModel.isMissing(at: now) && !hasOpen
        try performLane()
        try require(!isHopeless || laneModel.clients[number] == nil, "waits although there has long been no connection")
        laneModel.rest(at: now)
        try checkLaneRest()
    }

    /// The task that was lent a connection uses it.
    mutating func use(_ connection: Int, inSession session: Int, by client: Int) throws(Violation) {
        guard laneModel.clients[client]?.end != nil else {
            loans[client] = session
            return
        }
        let query = queryOf[client] ?? newQuery(of: client)
        queryOf[client] = query
        askedBy[query] = client
        try send(query, on: connection, inSession: session)
    }

    /// Whoever has borrowed a connection runs a statement or gives it back.
    mutating func useLoan() throws(Violation) {
        let free = loans.keys.filter { client in !askedBy.values.contains(client) }.sorted()
        guard !free.isEmpty else { return }
        let client = free[random.below(free.count)]
        guard let connection = laneModel.clients[client]?.connection, let session = loans[client] else { return }
        if random.once(in: 3) { return try giveBack(client) }
        let query = newQuery(of: client)
        askedBy[query] = client
        try send(query, on: connection, inSession: session)
    }

    private mutating func newQuery(of client: Int) -> Int {
        queriesAsked += 1
        return queriesAsked
    }

    mutating func giveBack(_ client: Int) throws(Violation) {
        loans[client] = nil
        laneModel.clients[client] = nil
        try tellLane("finished \(client)") { $0.finished(client, at: $1) }
    }

    private mutating func send(_ query: Int, on connection: Int, inSession session: Int) throws(Violation) {
        guard let place = place(of: connection) else {
            resumptions.append(.answered(query: query, SimulatedConnection.undone))
            return
        }
        try require(
            connections[place].inFlight.isEmpty || connections[place].machine.sessionNumber != session,
            "two statements at once on a connection of one")
        try send(query, at: place, inSession: session)
    }

    mutating func send(_ query: Int, at place: Int, inSession session: Int?) throws(Violation) {
        let isPreparing = random.once(in: 3)
        let isSent = connections[place].send(query, isPreparing: isPreparing, inSession: session, at: now)
        let number = connections[place].number
        note("\(query) on \(number): \(isSent ? "sent" : "not sent")")
        if !isSent { resumptions.append(.answered(query: query, SimulatedConnection.undone)) }
    }

    /// The task whose statement has ended goes on.
    mutating func answer(_ client: Int, _ query: Int, _ error: PostgresError?) throws(Violation) {
        if loans[client] != nil { return try end(query, error) }
        guard let error else {
            try end(query, nil)
            queryOf[client] = nil
            laneModel.clients[client] = nil
            return try tellLane("finished \(client)") { $0.finished(client, at: $1) }
        }
        // What it gives back is closed then.
        let used = lane.limits.lifetime == .once ? laneModel.clients[client]?.connection : nil
        let hasOpen = connections.contains { $0.number > 0 && $0.isOpen && $0.number != used }
        let random = random.unit()
        laneModel.fail(client, error, hasOpen: hasOpen, random: random, at: now)
        try tellLane("failed \(client) by \(error)") { machine, now in
            machine.failed(client, error, at: now, random: random)
        }
        try require(laneModel.clients[client]?.mustFailBy == nil, "\(client) goes on after \(error)")
    }

    // MARK: Doing

    mutating func performLane() throws(Violation) {
        while let action = lane.nextAction() {
            if trace != nil { trace?.append("  -> \(action)") }
            switch action {
            case .connect(let number):
                try require(!laneModel.isClosed, "connects after the close")
                try require(laneConnections < lane.limits.connections, "more connections than allowed")
                if !hasOpen { laneModel.noneSince = laneModel.noneSince ?? now }
                try connect(number)
            case .lend(let number, to: let client): try lend(number, to: client)
            case .refuse(let client, let error): try refuse(client, error)
            case .close(let number, let error):
                let mayClose = laneModel.isClosed || lane.limits.lifetime != .pool
                let isUnused = laneModel.isClosed || laneModel.user(of: number) == nil
                try require(mayClose && isUnused, "closed while in use")
                if case .use(let idle) = lane.limits.lifetime, !laneModel.isClosed, hasOpen {
                    try require(laneModel.idleSince + idle <= now, "closed although it is soon needed again")
                }
                try tell(number, .close(error))
                if laneConnections == 0 { laneModel.noneSince = nil }
            case .setTimer(let instant):
                try require(laneTimer.map { instant < $0 } ?? true, "the timer is set to be late")
                laneTimer = instant
            }
        }
    }

    private mutating func lend(_ number: Int, to client: Int) throws(Violation) {
        guard let place = place(of: number), let waiter = laneModel.clients[client] else {
            throw Violation(description: "lent what is not there, or to nobody")
        }
        try require(!laneModel.isClosed, "lent after the close")
        try require(waiter.deadline != nil, "\(client) is lent what it does not wait for")
        try require(connections[place].isOpen, "lent what is not open")
        try require(laneModel.user(of: number) == nil, "lent to two at once")
        try require(connections[place].inFlight.isEmpty, "lent with something of another's in it")
        try require(laneModel.first(isAgain: waiter.isAgain) == client, "\(client) goes before who came before it")
        let mayLendAgain = laneModel.lentAgain < laneModel.maximumLentAgain
        if waiter.isAgain {
            try require(mayLendAgain, "those who were put aside leave no connection to others")
            try require(
                laneModel.first(isAgain: false) == nil || !laneModel.lastWasAgain, "newcomers do not have their turn")
        } else {
            try require(
                laneModel.first(isAgain: true) == nil || laneModel.lastWasAgain || !mayLendAgain,
                "those who were put aside do not have their turn")
        }
        laneModel.lastWasAgain = waiter.isAgain
        laneModel.clients[client]?.state = .lent(connection: number)
        resumptions.append(
            .lent(client: client, connection: number, session: connections[place].machine.sessionNumber))
    }

    private mutating func refuse(_ client: Int, _ error: PostgresError) throws(Violation) {
        guard let waiter = laneModel.clients.removeValue(forKey: client) else {
            throw Violation(description: "\(client) is refused and is not there")
        }
        let isRight =
            if let own = waiter.mustFailBy {
                error.kind == own.kind && error.sqlState == own.sqlState
            } else if laneModel.isClosed {
                error.isUnavailable
            } else if let deadline = waiter.deadline, deadline <= now {
                error.kind == (hasOpen ? .busy : .unavailable)
            } else {
                waiter.deadline != nil
                    && (error.kind == .busy && laneModel.waiting >= lane.limits.maxWaiting
                        || error.isUnavailable && laneModel.isMissing(at: now) && !hasOpen)
            }
        try require(isRight, "\(client) is refused for no reason: \(error)")
        guard waiter.end != nil else { return }
        let query = queryOf.removeValue(forKey: client) ?? newQuery(of: client)
        try end(query, error)
    }

    // MARK: Time

    mutating func passInLane() throws(Violation) {
        guard let due = laneTimer, due <= now else { return }
        laneTimer = nil
        let back = laneModel.clients.filter { $0.value.until.map { $0 <= now } ?? false }
        for client in back.sorted(by: { $0.value.until ?? .zero < $1.value.until ?? .zero }) {
            let state = laneModel.wait(hasOpen: hasOpen, end: client.value.end, at: now)
            laneModel.clients[client.key]?.state = state
        }
        try tellLane("timer") { $0.timer(at: $1) }
        for (number, client) in laneModel.clients {
            try require(client.deadline.map { $0 > now } ?? true, "\(number) waits beyond its time")
        }
    }

    /// Nobody waits for what is there, and nothing is there that nobody needs.
    func checkLaneRest() throws(Violation) {
        let clients = laneModel.census()
        var (made, unused, free) = (0, 0, 0)
        for connection in connections where connection.number > 0 {
            made += 1
            guard laneModel.user(of: connection.number) == nil else { continue }
            unused += 1
            if connection.isOpen { free += 1 }
        }
        try require(clients.newcomers == 0 || free == 0, "somebody waits, and a connection is free")
        try require(
            clients.returning == 0 || free == 0 || clients.lentAgain >= laneModel.maximumLentAgain,
            "somebody who was put aside waits, and a connection is free")
        let waiting = clients.newcomers + clients.returning
        try require(waiting <= lane.limits.maxWaiting, "more wait than may")
        if waiting > 0 {
            try require(!laneModel.isClosed, "somebody waits for a lane that is closed")
            try require(unused > 0 || made == lane.limits.connections, "nobody connects for who waits")
        }
        try require(!laneModel.isClosed || clients.next == nil, "somebody is kept by a lane that is closed")
        if let next = clients.next {
            try require(laneTimer.map { $0 <= next } ?? false, "the lane's timer fires late")
        }
        guard waiting == 0, clients.users == 0, !laneModel.isClosed else { return }
        switch lane.limits.lifetime {
        case .pool: try require(made == lane.limits.connections, "a connection is missing")
        case .once: try require(made == 0, "a connection is left that nobody needs")
        case .use(let idle):
            let isClosedInTime = laneTimer.map { $0 <= laneModel.idleSince + idle } ?? false
            try require(made == 0 || isClosedInTime, "a connection is left for ever")
        }
    }
}
