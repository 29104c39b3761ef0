/// How far the server has come with the query that it is at, and what the end of the session means for those in flight.
///
/// Every query is a segment of the pipeline, which the server commits at its sync, after it has said that the statement
/// is complete. It answers in order.
struct SegmentProgress {
    /// What becomes of a query whose session has ended.
    enum Fate: Hashable {
        /// The server has answered it: with an error, which has undone it.
        case answered
        /// Nothing of it was done.
        case undone
        /// It may have been committed.
        case unknown
    }

    /// How many successful results of the first query's segment have come.
    private(set) var resultsSeen = 0

    /// Takes note of a successful result; whether it is one of the statement itself.
    /// - Parameter leading: how many results of the preparing precede those.
    mutating func note(leading: Int) -> Bool {
        resultsSeen += 1
        return resultsSeen > leading
    }

    /// The first query is answered: what comes next is of the one behind it.
    mutating func goOn() { resultsSeen = 0 }

    /// What has become of the first of those that are in flight; asked again, of the one behind it.
    /// - Parameters:
    ///   - hasError: whether the server has answered the first one with an error; nothing but its sync was awaited.
    ///   - endedInOrder: whether the server's last word was that it ends of its own or was told to. A statement of which
    ///     it had not said before that it is complete was undone then, and those behind it were never looked at.
    mutating func fate(leading: Int, hasError: Bool, endedInOrder: Bool) -> Fate {
        defer { resultsSeen = 0 }
        if hasError { return .answered }
        return endedInOrder && resultsSeen <= leading ? .undone : .unknown
    }

    /// Whether the server has to be told that nobody waits for what it is at.
    /// - Parameter isConnected: whether it can still be at it; the end of a server is the end of its statements.
    static func mustCancel(inFlight: Int, isConnected: Bool) -> Bool { inFlight > 0 && isConnected }
}
