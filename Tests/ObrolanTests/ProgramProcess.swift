import Foundation
import Glibc

/// The program itself, as a process.
final class ProgramProcess {
    struct Failure: Error, CustomStringConvertible { let description: String }

    let pid: pid_t
    private let output = LogPipe()
    private let errors: LogPipe
    private var said: [UInt8] = []
    private var hasEnded = false

    /// Only for a program that hangs.
    private static let patience: Duration = .seconds(120)

    /// Starts it with nothing of our environment but `PATH`.
    /// - Parameter errors: takes its standard error; by default one that is read when it has ended.
    init(_ arguments: [String], environment: [String: String] = [:], errors: LogPipe = LogPipe()) throws {
        self.errors = errors
        // The tests' own program is beside it.
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = (tests as NSString).deletingLastPathComponent + "/obrolan"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.output, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var variables = environment
        variables["PATH"] = ProcessInfo.processInfo.environment["PATH"]
        let words = ([program, "serve"] + arguments).map { strdup($0) }
        let values = variables.map { strdup("\($0.key)=\($0.value)") }
        defer { for string in words + values { free(string) } }
        var pid: pid_t = 0
        guard posix_spawn(&pid, program, &actions, &attributes, words + [nil], values + [nil]) == 0 else {
            throw Failure(description: "cannot run \(program)")
        }
        self.pid = pid
        output.end()
        errors.end()
    }

    deinit {
        guard !hasEnded else { return }
        // A test has failed: the first signal for the database's sake.
        kill(pid, SIGTERM)
        kill(pid, SIGTERM)
        waitpid(pid, nil, 0)
    }

    /// Waits until it says where it serves, and gives the port.
    func port() throws -> Int {
        while true {
            let text = String(decoding: said, as: UTF8.self)
            if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Obrolan serves on") }),
                text.contains("\n"), let port = line.split(separator: ":").last.flatMap({ Int($0) })
            {
                return port
            }
            guard try readMore() else { throw Failure(description: "it ended: \(wait().errors)") }
        }
    }

    func send(_ signal: Int32) { kill(pid, signal) }

    /// Waits for its end: its exit status, or 128 plus the signal that ended it, and what it has said on standard error, of
    /// which there must be no more than goes into a pipe.
    func wait() -> (status: Int32, errors: [Substring]) {
        // Nobody else has the other end of the pipe. One that hangs is killed, and fails its test by the status.
        if (try? drain()) == nil { kill(pid, SIGKILL) }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1 && errno == EINTR {}
        hasEnded = true
        let signal = status & 0x7f
        return (signal == 0 ? (status >> 8) & 0xff : 128 + signal, errors.readAll())
    }

    private func drain() throws {
        while try readMore() {}
    }

    private func readMore() throws -> Bool {
        var entry = pollfd(fd: output.input, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, Int32(Self.patience / .milliseconds(1))) > 0 else {
            throw Failure(description: "it says nothing")
        }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(output.input, &buffer, buffer.count)
        said += buffer[..<max(0, count)]
        return count > 0
    }
}
