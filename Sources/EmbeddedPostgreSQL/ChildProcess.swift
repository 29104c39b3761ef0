import Glibc

/// Starts the programs of PostgreSQL as children of this one.
///
/// It is posix_spawn(3) with setpriv(1) in front when the user has to change. The package swift-subprocess would do
/// the same, but keeps three threads (worker, epoll, process monitor) for the rest of the program's life, for
/// the sake of five short calls at its start. setpriv is part of util-linux, which every Debian has.
enum ChildProcess {
    /// Starts `command` (a path, or a name looked up in `PATH`) with `output` as its standard output and error.
    ///
    /// The child has a session of its own, so that Ctrl-C in the terminal does not reach the server before this program
    /// has finished its requests; no other descriptor of ours, so that it cannot keep a listening socket open;
    /// default signal dispositions; `/` as its working directory, since ours may be closed to its user.
    ///
    /// - Parameter account: whom it runs as; nil: as this program. Once this program is that user itself nothing has to
    ///   change, and nothing can.
    /// - Throws: `notStarted` with the reason, among them that there is no such program.
    static func start(
        _ command: [String],
        as account: SystemUser?,
        output: Int32,
        errors: Int32
    ) throws(EmbeddedPostgreSQLError) -> WatchedProcess {
        var words = command
        if let account, geteuid() == 0 {
            words = ["setpriv", "--reuid=\(account.uid)", "--regid=\(account.gid)", "--clear-groups", "--"] + words
        }

        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        var allSignals = sigset_t()
        var noSignals = sigset_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        sigfillset(&allSignals)
        sigemptyset(&noSignals)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        _ = GNUSpawn.closeFrom?(&actions, STDERR_FILENO + 1)
        _ = GNUSpawn.changeDirectory?(&actions, "/")
        posix_spawnattr_setsigdefault(&attributes, &allSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        let flags = GNUSpawn.setSession | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK)
        posix_spawnattr_setflags(&attributes, flags)

        // Nothing else of our environment: PGPORT, PGDATA, PGOPTIONS and the like would change what the programs do.
        let environment = ["PATH=\(searchPath)", "LC_ALL=C"]
        var pid: pid_t = 0
        let code = withCStrings(words) { arguments in
            withCStrings(environment) { posix_spawnp(&pid, words[0], &actions, &attributes, arguments, $0) }
        }
        guard code == 0 else {
            throw .notStarted(program: words[0], code: code)
        }
        return WatchedProcess(child: pid)
    }

    /// The directories in which programs are looked for.
    static var searchPath: String {
        getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    }

    /// The strings as the null-terminated vector that exec(3) takes.
    private static func withCStrings(
        _ strings: [String],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) -> Int32 {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        return pointers.withUnsafeMutableBufferPointer { $0.baseAddress.map(body) ?? EINVAL }
    }
}

/// The parts of `spawn.h` that the Glibc module hides, being declared for `_GNU_SOURCE` only.
private enum GNUSpawn {
    typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
    typealias ChangeDirectory =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) ->
        Int32

    static let setSession: Int16 = 0x80

    // The bit casts are sound: these are the declared types of the two functions. Before glibc 2.34 and 2.29 they
    // are missing; then descriptors opened with O_CLOEXEC are still not inherited.
    static let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map {
        unsafeBitCast($0, to: CloseFrom.self)
    }
    static let changeDirectory = dlsym(nil, "posix_spawn_file_actions_addchdir_np").map {
        unsafeBitCast($0, to: ChangeDirectory.self)
    }
}
