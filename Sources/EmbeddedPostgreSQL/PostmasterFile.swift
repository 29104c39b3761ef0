import Glibc

/// What a server writes into the `postmaster.pid` of its cluster (one item a line; PostgreSQL's miscadmin.h).
struct PostmasterFile: Equatable {
    enum Status: Equatable { case starting, ready, stopping }

    var pid: pid_t
    var cluster: String
    var port: String
    var socketDirectory: String
    var status: Status

    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 2, let pid = pid_t(lines[0]), pid > 0 else { return nil }
        self.pid = pid
        cluster = String(lines[1])
        port = lines.count > 3 ? String(lines[3]) : ""
        socketDirectory = lines.count > 4 ? String(lines[4]) : ""
        // The word is padded with blanks. Before it there is nothing to connect to.
        let word = lines.count > 7 ? lines[7].prefix { $0 != " " } : ""
        status = word == "ready" ? .ready : word == "stopping" ? .stopping : .starting
    }

    static func path(in cluster: String) -> String { "\(cluster)/postmaster.pid" }

    /// The file of the cluster; nil when there is none, or one that says nothing yet.
    static func read(in cluster: String) throws(EmbeddedPostgreSQLError) -> PostmasterFile? {
        try FileSystem.text(path(in: cluster)).flatMap { PostmasterFile($0) }
    }
}
