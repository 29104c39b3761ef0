import Glibc

/// A shell that outlives this process, however it ends, and then stops its PostgreSQL and removes its directory.
enum Watchdog {
    /// Its standard input is a pipe whose other end only this process holds: it reads to the end, which is ours.
    private static let script = """
        cat >/dev/null
        pid=$(head -n 1 "$1/data/postgresql/postmaster.pid" 2>/dev/null)
        [ -n "$pid" ] && kill -QUIT "$pid"
        while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
        rm -rf -- "$1"
        """

    /// Makes a temporary directory that is gone soon after this process.
    static func makeDirectory() throws -> String {
        var template = Array("/tmp/obrolan-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The server's user must be able to pass through.
        guard chmod(path, 0o711) == 0 else { throw SystemError("chmod") }
        try watch(path)
        return path
    }

    private static func watch(_ path: String) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        // Whoever reads our output must not wait for the watchdog.
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Ctrl-C is for us; the watchdog then follows.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        let words = ["sh", "-c", script, "watchdog", path]
        let arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, "/bin/sh", &actions, &attributes, arguments, environ)
        guard code == 0 else { throw SystemError("posix_spawn", code) }
    }
}

/// A call of the C library that failed.
struct SystemError: Error, CustomStringConvertible {
    let description: String

    init(_ function: String, _ code: Int32 = errno) {
        description = "\(function): \(String(cString: strerror(code)))"
    }
}
