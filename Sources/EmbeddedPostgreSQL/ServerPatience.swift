/// How long the server's keeper waits for what; tests have shorter ones.
struct ServerPatience: Sendable {
    /// For a new server to write its `postmaster.pid`. After that it is waited for as long as it lives.
    var announcement = Duration.seconds(60)
    /// Between two lines that say that a server is still starting.
    var report = Duration.seconds(10)
    /// For the shared memory of a killed postmaster's orphans to be free.
    var orphans = Duration.seconds(30)
    /// For a fast shutdown, in which the server writes what it has in memory; then comes an immediate one.
    var fastShutdown = Duration.seconds(60)
    /// The same for a server that is not ready: it has nothing of its own to write.
    var startShutdown = Duration.seconds(5)
    /// For an immediate shutdown. PostgreSQL itself gives its processes 5 s.
    var immediateShutdown = Duration.seconds(10)
    /// Between two attempts to start a server that has died.
    var restart = Duration.seconds(2)
}
