import Glibc

/// A pipe by which one thread ends another's wait.
final class WakeUp: Sendable {
    /// Can be read when it has rung.
    let descriptor: Int32
    private let writing: Int32

    init() throws(EmbeddedPostgreSQLError) {
        var ends: (read: Int32, write: Int32) = (-1, -1)
        let made = withUnsafeMutableBytes(of: &ends) { pipe($0.bindMemory(to: Int32.self).baseAddress) }
        guard made == 0 else { throw FileSystem.failure("open", "a pipe") }
        for end in [ends.read, ends.write] {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        descriptor = ends.read
        writing = ends.write
    }

    deinit {
        close(descriptor)
        close(writing)
    }

    func ring() {
        // A full pipe has rung already.
        _ = write(writing, [1], 1)
    }

    /// Waits until it rings or `milliseconds` are over (-1: never).
    func wait(milliseconds: Int32) {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&polled, 1, milliseconds)
    }

    /// Makes it silent again.
    func clear() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }
}
