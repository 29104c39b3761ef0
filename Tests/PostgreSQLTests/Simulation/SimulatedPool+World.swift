import TestSupport

@testable import PostgreSQL

/// What the server, the network and the tasks of those who ask do of their own.
extension SimulatedPool {
    private mutating func randomConnection(_ condition: (SimulatedConnection) -> Bool) -> Int? {
        guard !connections.isEmpty else { return nil }
        let first = random.below(connections.count)
        for offset in 0..<connections.count {
            let place = (first + offset) % connections.count
            if condition(connections[place]) { return place }
        }
        return nil
    }

    /// The server goes on with a statement.
    mutating func work() throws(Violation) {
        guard let place = randomConnection({ !$0.isFrozen && $0.backend?.isAtWork == true }) else { return }
        let statement = connections[place].backend?.segments.first?.statement
        connections[place].backend?.step(errors, &store, &random)
        if let statement { try checkStore(statement) }
    }

    /// And with one of which nobody will hear.
    mutating func workForNobody() throws(Violation) {
        guard !left.isEmpty else { return }
        let place = random.below(left.count)
        let statement = left[place].segments.first?.statement
        if left[place].isCancelled, random.once(in: 2) {
            left.remove(at: place)
        } else {
            left[place].step(errors, &store, &random)
            // The next statement would have to be sent by somebody.
            if !left[place].isAtWork { left.remove(at: place) }
        }
        if let statement { try checkStore(statement) }
    }

    private func checkStore(_ statement: Int) throws(Violation) {
        let commits = store.commits(of: statement)
        try require(commits <= 1, "\(statement) is done twice")
        try require(commits == 0 || outcomes[statement] != .notDone, "\(statement) has failed for sure, and is done")
    }

    /// A message of the server comes, or the end of the link.
    mutating func receive() throws(Violation) {
        let mayRead = { (connection: SimulatedConnection) in
            connection.isOpen && !connection.isFrozen
                && connection.backend.map { $0.isGone || !$0.unread.isEmpty } ?? false
        }
        guard let place = randomConnection(mayRead) else { return }
        guard connections[place].backend?.unread.isEmpty == false else {
            return try tell(connections[place].number, .failed(Self.failure))
        }
        if let answer = connections[place].read(at: now) {
            note("answer to \(answer.query)")
            resumptions.append(.answered(query: answer.query, answer.error))
            // What is answered was sent.
            if connections[place].isSocketFull && connections[place].inFlight.isEmpty {
                connections[place].isSocketFull = false
                try dispatchWaiting()
            }
        }
    }

    /// An attempt to connect comes to something, as the server likes.
    mutating func goOnConnecting() throws(Violation) {
        guard let place = randomConnection({ !$0.isOpen }) else { return }
        let number = connections[place].number
        // What is told of a session that is over, as libpq may do it once more, is no news.
        if connections[place].attempt == .none { return try tell(number, .failed(Self.failure)) }
        if connections[place].attempt == .resolving { return try endResolution(number) }
        switch mood {
        case .serves, .endsAtOnce: try tell(number, .opened)
        case .refuses: try tell(number, .failed(Self.failure))
        case .isSilent: break
        }
    }

    mutating func makeRoom() throws(Violation) {
        guard let place = randomConnection({ $0.isSocketFull && !$0.isFrozen }) else { return }
        connections[place].isSocketFull = false
        try dispatchWaiting()
    }

    mutating func endBackend() {
        guard let place = randomConnection({ $0.isOpen }) else { return }
        connections[place].backend?.endInOrder()
    }

    mutating func breakLink() {
        guard let place = randomConnection({ $0.isOpen }) else { return }
        connections[place].backend?.crash(&random)
    }

    /// A backend falls silent, or a network.
    mutating func freeze() {
        guard longestSilence != nil, let place = randomConnection({ $0.isOpen }) else { return }
        connections[place].isFrozen = true
    }

    // MARK: The end

    /// Does the next of what there is to do; false when all is answered.
    mutating func goOn() throws(Violation) -> Bool {
        while !resumptions.isEmpty { try resume() }
        for client in loans.keys.sorted() where !askedBy.values.contains(client) { try giveBack(client) }
        guard !laneModel.clients.isEmpty || readModel.pending > 0 || !askedBy.isEmpty else { return false }
        let before = steps
        for connection in connections where connection.attempt == .resolving || connection.attempt == .connecting {
            try goOnConnecting()
        }
        for _ in connections {
            try makeRoom()
            try work()
            try receive()
        }
        let isBusy = connections.contains { connection in
            guard let backend = connection.backend, !connection.isFrozen else { return false }
            return backend.isAtWork || backend.isGone || !backend.unread.isEmpty
        }
        if steps == before, !isBusy {
            try pass(to: nextDeadline ?? now + .seconds(1))
        }
        return true
    }

    func checkThatNothingIsLeft() throws(Violation) {
        try require(connections.isEmpty, "a connection is left")
        try require(lane.clients.isEmpty && laneModel.clients.isEmpty, "a client is left")
        try require(askedBy.isEmpty && readModel.pending == 0 && readModel.waiting.isEmpty, "a query is left")
        try require(left.allSatisfy(\.isCancelled), "the server works on for nobody, and was not told")
        for query in 1...max(1, queriesAsked) where queriesAsked > 0 {
            try require(outcomes[query] != nil, "\(query) has not ended")
        }
    }
}
