/// How often a query that certainly changed nothing is sent again before its error is told: a server that undoes
/// everything, or ends every session, is not asked for ever.
struct Repetitions {
    private var left: Int

    init(atMost count: Int) { left = count }

    /// Whether it is to be sent again after that error; it counts.
    mutating func allow(after error: PostgresError) -> Bool {
        guard error.isWorthRepeating, left > 0 else { return false }
        left -= 1
        return true
    }
}
