import Glibc

/// The file that takes what the programs of PostgreSQL print.
///
/// The server writes to it directly, not through its logging collector, which would be one more process. It stays
/// small because statements that fail are not logged (`log_min_messages`): their error reaches the client.
/// At each start a file over `sizeLimit` becomes `.1`, replacing the one before.
final class ServerLog: Sendable {
    static let sizeLimit = 1 << 20

    let path: String
    let descriptor: Int32

    init(_ path: String) throws(EmbeddedPostgreSQLError) {
        if let status = try FileSystem.status(path), status.st_size > Self.sizeLimit {
            guard rename(path, path + ".1") == 0 else { throw FileSystem.failure("rename", path) }
        }
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileSystem.failure("open", path) }
        self.path = path
    }

    deinit { close(descriptor) }

    /// Where the next line will be written.
    var end: Int { Int(lseek(descriptor, 0, SEEK_END)) }

    /// The last lines, ten at most, of those written since `offset`.
    func tail(from offset: Int) -> String {
        // The tail explains an error: failing to read it must not replace that error.
        let text = (try? FileSystem.text(path, from: offset)) ?? nil
        return (text ?? "").split(separator: "\n").suffix(10).joined(separator: "\n")
    }
}
