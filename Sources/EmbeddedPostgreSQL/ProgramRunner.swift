import Glibc

/// Runs short programs to their end, for the one who starts a cluster; a stop ends them at once.
struct ProgramRunner: Sendable {
    let log: ServerLog
    var programs = RunningPrograms()
    /// Asked every few milliseconds while something is waited for.
    var isStopWanted: @Sendable () -> Bool = { false }

    /// How long is waited until the question is asked again, in milliseconds.
    static let pause: Int32 = 10

    /// Runs `command` to its end, with its output in the log, and returns its exit status, or 128 plus the signal that
    /// ended it.
    func run(_ command: [String], as account: SystemUser?) throws(EmbeddedPostgreSQLError) -> Int32 {
        try end(
            of: ChildProcess.start(command, as: account, output: log.descriptor, errors: log.descriptor), command[0])
    }

    /// Runs `command` to its end and returns what it printed on its standard output, or nil if it failed.
    /// - Throws: `notStarted`, also when there is no such program.
    func output(of command: [String]) throws(EmbeddedPostgreSQLError) -> String? {
        var ends: (read: Int32, write: Int32) = (-1, -1)
        let made = withUnsafeMutableBytes(of: &ends) { pipe($0.bindMemory(to: Int32.self).baseAddress) }
        guard made == 0 else { throw FileSystem.failure("pipe", command[0]) }
        defer { close(ends.read) }
        // Without this a process that another thread starts meanwhile would keep our reading from ending.
        _ = fcntl(ends.read, F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends.write, F_SETFD, FD_CLOEXEC)
        let child: WatchedProcess
        do {
            defer { close(ends.write) }
            child = try ChildProcess.start(command, as: nil, output: ends.write, errors: log.descriptor)
        }
        // What these programs print fits into the pipe's buffer of 64 KiB, so they end without being read.
        guard try end(of: child, command[0]) == 0 else { return nil }
        return try FileSystem.text(ends.read, command[0])
    }

    private func end(of child: WatchedProcess, _ program: String) throws(EmbeddedPostgreSQLError) -> Int32 {
        programs.setProgram(child)
        defer { programs.setProgram(nil) }
        var isGivenUp = false
        while true {
            if case .ended(let status) = child.wait(milliseconds: Self.pause) {
                if isGivenUp { throw .stopped }
                if let status { return status }
                throw .system(operation: "wait for", path: program, reason: "somebody else has waited for it")
            }
            if isStopWanted(), !isGivenUp {
                // What an initdb leaves behind is not yet in the cluster's place.
                child.signalGroup(SIGKILL)
                isGivenUp = true
            }
        }
    }
}
