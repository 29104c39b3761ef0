/// Which connections carry a statement. Statements of one lane may wait for each other, those of another never wait
/// for them.
public enum PostgresLane: Sendable, CaseIterable {
    /// What changes nothing, and can neither wait for a lock nor run long: pipelined on a few connections. The server
    /// refuses whatever would write there (25006), so that a statement in the wrong lane is found by its first use.
    case read
    /// What writes a little and may have to wait for a row: one statement at a time on a connection.
    case write
    /// What a writer stores for many at once: the same, on a connection that nothing else uses.
    case batch
    /// What may run for seconds: the same, with a longer time-out.
    case long
}
