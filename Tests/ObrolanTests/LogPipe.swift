import Glibc

/// A pipe for a log; nobody reads it until a test does.
final class LogPipe: Sendable {
    let input: Int32
    let output: Int32

    init() {
        var ends: (read: Int32, write: Int32) = (-1, -1)
        let made = withUnsafeMutableBytes(of: &ends) { pipe($0.bindMemory(to: Int32.self).baseAddress) }
        precondition(made == 0, "no pipe")
        (input, output) = ends
        // No test's program must keep it open.
        for end in [input, output] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit { close(input) }

    /// Puts in as much as goes in.
    func fill() {
        _ = fcntl(output, F_SETFL, O_NONBLOCK)
        let bytes = [UInt8](repeating: UInt8(ascii: "\n"), count: 4096)
        while write(output, bytes, bytes.count) > 0 {}
        while write(output, bytes, 1) > 0 {}
        _ = fcntl(output, F_SETFL, 0)
    }

    /// Everything up to the end, which comes when the writing side is closed everywhere.
    func readAll() -> [Substring] {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(input, &buffer, buffer.count), count > 0 { text += buffer[..<count] }
        return String(decoding: text, as: UTF8.self).split(separator: "\n")
    }

    /// Closes our writing side.
    func end() { close(output) }
}
