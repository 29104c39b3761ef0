import Glibc

/// The few file operations needed here, with errno taken at once and named in the error.
enum FileSystem {
    /// The error of the C function that has just failed.
    static func failure(_ operation: String, _ path: String) -> EmbeddedPostgreSQLError {
        let code = errno
        return .system(operation: operation, path: path, reason: String(cString: strerror(code)))
    }

    /// What is at the path itself, without following a symbolic link; nil when there is nothing.
    static func status(_ path: String) throws(EmbeddedPostgreSQLError) -> stat? {
        var status = stat()
        if lstat(path, &status) == 0 { return status }
        if errno == ENOENT { return nil }
        throw failure("lstat", path)
    }

    /// Whether the mode of `status` is of the type `type` (`S_IFDIR`, `S_IFLNK`, ...).
    static func isType(_ type: mode_t, _ status: stat) -> Bool { status.st_mode & S_IFMT == type }

    /// The path with every symbolic link resolved (realpath(3)).
    static func realPath(_ path: String) throws(EmbeddedPostgreSQLError) -> String {
        guard let resolved = realpath(path, nil) else { throw failure("realpath", path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// What the symbolic link says.
    static func linkTarget(_ path: String) throws(EmbeddedPostgreSQLError) -> String {
        var characters = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &characters, characters.count)
        guard count >= 0 else { throw failure("readlink", path) }
        return String(decoding: characters[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes the directory and those above it. Others may pass through (0711): the server's user has to.
    static func makeDirectories(_ path: String) throws(EmbeddedPostgreSQLError) {
        if mkdir(path, 0o711) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw failure("mkdir", path)
        }
        try makeDirectories(String(path[..<slash]))
        guard mkdir(path, 0o711) == 0 || errno == EEXIST else { throw failure("mkdir", path) }
    }

    /// Makes a directory that only `account` (nil: the program's own user) can enter. It must not exist yet.
    static func makePrivateDirectory(_ path: String, for account: SystemUser?) throws(EmbeddedPostgreSQLError) {
        guard mkdir(path, 0o700) == 0 else { throw failure("mkdir", path) }
        if let account, lchown(path, account.uid, account.gid) != 0 { throw failure("chown", path) }
    }

    /// Makes a finished rename in this directory survive a power cut.
    static func synchronize(directory path: String) throws(EmbeddedPostgreSQLError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("fsync", path) }
    }

    /// The text of a file; nil when there is no such file.
    static func text(_ path: String) throws(EmbeddedPostgreSQLError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("open", path)
        }
        defer { close(descriptor) }
        return try text(descriptor, path)
    }

    /// Everything that can be read from the descriptor until its end; `path` is for the error.
    static func text(_ descriptor: Int32, _ path: String) throws(EmbeddedPostgreSQLError) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            if count > 0 {
                bytes += chunk[..<count]
            } else if errno != EINTR {
                throw failure("read", path)
            }
        }
    }

    /// The last 64 KiB at most of what is in that range of the descriptor's file; moves no file offset.
    static func text(_ descriptor: Int32, _ path: String, range: Range<Int>) throws(EmbeddedPostgreSQLError) -> String {
        var bytes = [UInt8](repeating: 0, count: min(range.count, 65536))
        let count = pread(descriptor, &bytes, bytes.count, off_t(range.upperBound - bytes.count))
        guard count >= 0 else { throw failure("read", path) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Gives an open file to `account`. Only root can, and only a file that nobody has linked here from elsewhere.
    static func give(_ descriptor: Int32, _ path: String, to account: SystemUser) throws(EmbeddedPostgreSQLError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("fstat", path) }
        guard geteuid() == 0, status.st_uid != account.uid, isType(S_IFREG, status), status.st_nlink == 1 else {
            return
        }
        guard fchown(descriptor, account.uid, account.gid) == 0 else { throw failure("chown", path) }
    }

    /// A short name for a path that is the same at every start: the 64-bit FNV-1a of its bytes in hexadecimal.
    /// Two paths with one name would not share anything: whoever uses it checks what is there.
    static func stableName(_ path: String) -> String {
        let hash = path.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
