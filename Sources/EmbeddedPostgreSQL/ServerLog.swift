import Glibc

/// The file that takes what the programs of PostgreSQL print.
///
/// The server writes to it directly, not through its logging collector, which would be one more process. It stays
/// small because statements that fail are not logged (`log_min_messages`): their error reaches the client.
/// At each start of the program a file over `sizeLimit` becomes `.1`, replacing the one before.
///
/// It is opened once, and then read and handed on by its descriptor: later there may be no other to be had, and this
/// program may have become a user who cannot reach the path.
final class ServerLog: Sendable {
    static let sizeLimit = 1 << 20

    let path: String
    let descriptor: Int32

    /// Takes over an open file.
    init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    convenience init(_ path: String) throws(EmbeddedPostgreSQLError) {
        if let status = try FileSystem.status(path), status.st_size > Self.sizeLimit {
            // The account that only the file was given to may not rename it in root's directory: it then grows on.
            guard rename(path, path + ".1") == 0 || errno == EACCES || errno == EPERM else {
                throw FileSystem.failure("rename", path)
            }
        }
        let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileSystem.failure("open", path) }
        self.init(path: path, descriptor: descriptor)
    }

    deinit { close(descriptor) }

    /// Where the next line will be written.
    var end: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// The last lines, ten at most, of those written since `offset`.
    func tail(from offset: Int) -> String {
        // The tail explains an error: failing to read it must not replace that error.
        guard let text = try? FileSystem.text(descriptor, path, range: offset..<max(offset, end)) else { return "" }
        return text.split(separator: "\n").suffix(10).joined(separator: "\n")
    }
}
