import TestSupport

@testable import PostgreSQL

extension SimulatedPool {
    func place(of number: Int) -> Int? { connections.firstIndex { $0.number == number } }

    mutating func connect(_ number: Int) throws(Violation) {
        connections.append(
            SimulatedConnection(number: number, connectTimeout: connectTimeout, longestSilence: longestSilence))
        try tell(number, .start)
    }

    /// Tells a connection what has happened, and does what is to be done about it.
    mutating func tell(_ number: Int, _ event: PostgresConnectionStateMachine.Event) throws(Violation) {
        guard let place = place(of: number) else { return }
        let action = connections[place].machine.handle(event, at: now, random: random.unit())
        note("connection \(number): \(event) -> \(action)")
        let model = connections[place].model
        switch action {
        case .none: break
        case .resolve:
            let isHurried = if case .hurry = event { true } else { false }
            try connections[place].model.beginAttempt(hurried: isHurried, at: now)
            connections[place].attempt = .resolving
            let number = connections[place].machine.sessionNumber
            try require(number == connections[place].model.sessions, "two sessions have one number")
            if random.once(in: 2) { try endResolution(connections[place].number) }
        case .stopResolving:
            try require(
                model.attemptSince.map { $0 + connectTimeout / 2 <= now } ?? false, "the look-up is cut short")
            if random.once(in: 2) { try endResolution(number) } else { try tell(number, .failed(Self.failure)) }
        case .connect:
            let isOwn = if case .resolved(connections[place].machine.sessionNumber) = event { true } else { false }
            try require(isOwn && connections[place].attempt == .resolving, "connects to hosts that are not known")
            try require(connections[place].machine.firstHost == model.firstHost, "begins with the wrong host")
            connections[place].attempt = .connecting
        case .tellOpened:
            try require(connections[place].attempt == .connecting, "open out of turn")
            connections[place].attempt = .open
            connections[place].model.opened(at: now)
            connections[place].backend = SimulatedBackend()
            try opened(number)
        case .end: throw Violation(description: "ends a session that is good")
        case .lose(let error):
            try checkLoss(of: connections[place], by: event)
            try endSession(at: place)
            try lost(number, error)
        case .close:
            try endSession(at: place)
            connections.remove(at: place)
        }
        try checkRest(of: number)
    }

    static let failure = PostgresError(.unavailable, "simulated")

    mutating func endResolution(_ number: Int) throws(Violation) {
        guard let place = place(of: number), connections[place].attempt == .resolving else { return }
        // One of a session that is over comes late, and concerns nobody.
        if random.once(in: 8) { try tell(number, .resolved(session: connections[place].machine.sessionNumber - 1)) }
        try tell(number, .resolved(session: connections[place].machine.sessionNumber))
    }

    private mutating func checkLoss(
        of connection: SimulatedConnection, by event: PostgresConnectionStateMachine.Event
    ) throws(Violation) {
        switch event {
        case .failed: try require(connection.model.pause == nil, "lost what was lost before")
        case .deadline(let awaitsAnswer, let host):
            let deadline = connection.model.deadline(awaitsAnswer: awaitsAnswer)
            try require(deadline.map { $0 <= now } ?? false, "given up although there is time left")
            guard let place = place(of: connection.number) else { return }
            if connection.isOpen {
                if let host { connections[place].model.leaveHost(after: host) }
            } else {
                connections[place].model.leaveHost()
            }
        default: try require(false, "lost for no reason")
        }
    }

    private mutating func endSession(at place: Int) throws(Violation) {
        let (answers, backend) = try connections[place].end()
        for answer in answers { resumptions.append(.answered(query: answer.query, answer.error)) }
        if let backend, backend.isAtWork { left.append(backend) }
        connections[place].model.ended(at: now)
    }

    private func checkRest(of number: Int) throws(Violation) {
        guard let place = place(of: number) else { return }
        let connection = connections[place]
        try require(connection.machine.isOpen == connection.isOpen, "open, and not open")
        guard let deadline = connection.model.deadline(awaitsAnswer: !connection.inFlight.isEmpty) else { return }
        try require(connection.machine.deadline.map { $0 <= deadline } ?? false, "the connection's deadline is late")
    }

    private mutating func opened(_ number: Int) throws(Violation) {
        if number < 0 {
            reads.opened()
            readModel.noneSince = nil
            try hurryOthers()
            try dispatchWaiting()
        } else {
            laneModel.noneSince = nil
            try tellLane("opened \(number)") { $0.opened(number, at: $1) }
        }
        if mood == .endsAtOnce, let place = place(of: number) {
            if random.once(in: 2) {
                connections[place].backend?.endInOrder()
            } else {
                connections[place].backend?.crash(&random)
            }
        }
    }

    private mutating func lost(_ number: Int, _ error: PostgresError) throws(Violation) {
        if number < 0 {
            let isAvailable = connections.contains { $0.number < 0 && $0.isOpen }
            reads.lost(error, isAvailable: isAvailable, at: now)
            if !isAvailable { readModel.noneSince = readModel.noneSince ?? now }
        } else {
            if !connections.contains(where: { $0.number > 0 && $0.isOpen }) {
                laneModel.noneSince = laneModel.noneSince ?? now
            }
            try tellLane("lost \(number)") { $0.lost(number, error, at: $1) }
        }
    }

    /// Others may try at once, but for those whose sessions were ended as soon as they had begun.
    private mutating func hurryOthers() throws(Violation) {
        for connection in connections where connection.number < 0 || lane.limits.lifetime != .once {
            let mayHurry = connection.model.pause != nil && connection.model.mayHurry
            try tell(connection.number, .hurry)
            let isStillPausing = place(of: connection.number).map { connections[$0].model.pause != nil } ?? false
            try require(!mayHurry || !isStillPausing, "the server is there, and a connection pauses on")
        }
    }
}
