import Glibc
import NonblockingIO

/// The line on standard output, which tells whoever has started the program where it serves.
enum Announcement {
    /// Writes it on a thread of its own: nobody has to read it for the program to serve and to stop.
    static func print(_ line: String) {
        OwnThread.start {
            var rest = Array("\(line)\n".utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                // Closed, or the disk is full: there is nobody to tell.
                guard count > 0 || errno == EINTR else { return }
                rest = rest.dropFirst(max(0, count))
            }
        }
    }
}
