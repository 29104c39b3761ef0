import Glibc

/// An exclusive flock(2) on a file that holds the pid of its holder; kept until `deinit`, or until the process ends
/// however it ends. The file stays: removing it would let two programs lock two files of one name.
final class LockFile: Sendable {
    let path: String
    let descriptor: Int32

    /// Takes the lock, or throws `dataDirectoryInUse` naming `directory`, the directory that the lock is for.
    init(_ path: String, for directory: String) throws(EmbeddedPostgreSQLError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileSystem.failure("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            let failure = FileSystem.failure("flock", path)
            // An unreadable pid only makes the sentence less precise.
            let holder = try? FileSystem.text(descriptor, path)
            close(descriptor)
            throw isHeld ? .dataDirectoryInUse(path: directory, pid: holder.flatMap { Int32($0.dropLast()) }) : failure
        }
        self.path = path
        self.descriptor = descriptor
        let line = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, line, line.count, 0) == line.count else {
            throw FileSystem.failure("write", path)
        }
    }

    deinit {
        // Closing alone leaves the lock to a child that is just being started and still has a copy of the descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
