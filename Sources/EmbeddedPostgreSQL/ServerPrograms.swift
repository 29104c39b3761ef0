import Glibc

/// The directory of one installed PostgreSQL's programs, and the major version of them.
struct ServerPrograms: Equatable {
    var directory: String
    /// As in a cluster's `PG_VERSION`: "15", or "9.6" before 10.
    var majorVersion: String

    func path(_ program: String) -> String { "\(directory)/\(program)" }

    /// The oldest major version that this program is tried with. Before 14 initdb has no `--no-instructions`.
    static let leastVersion = 15

    /// Whether a version, as in `PG_VERSION`, is older than that.
    static func isTooOld(_ version: String) -> Bool { Int(version).map { $0 < leastVersion } ?? true }

    /// Finds the programs in `directory` or, when that is nil, by `pg_config`, in Debian's folders (highest version
    /// first) and in `PATH`: for an existing cluster those of its version, else the first that are not too old.
    static func find(
        in directory: String?,
        for cluster: ClusterLocation,
        runner: ProgramRunner
    ) throws(EmbeddedPostgreSQLError) -> ServerPrograms {
        let places =
            if let directory { [directory] } else {
                try configured(runner) + debianDirectories() + pathDirectories()
            }
        var installed: [String] = []
        for place in places where isComplete(place) {
            guard let version = try version(of: place, runner) else { continue }
            if !isTooOld(version), cluster.version == nil || cluster.version == version {
                return ServerPrograms(directory: place, majorVersion: version)
            }
            if !installed.contains(version) { installed.append(version) }
        }
        guard !installed.isEmpty else {
            throw .programsNotFound(searched: directory.map { [$0] } ?? ["`pg_config --bindir`", debianRoot, "PATH"])
        }
        guard let version = cluster.version else { throw .programsTooOld(installed: installed) }
        throw .wrongVersion(path: cluster.path, cluster: version, installed: installed)
    }

    private static let debianRoot = "/usr/lib/postgresql"

    /// The folder that `pg_config` names. It comes with libpq's headers, so the server need not be there.
    private static func configured(_ runner: ProgramRunner) throws(EmbeddedPostgreSQLError) -> [String] {
        try output(of: ["pg_config", "--bindir"], runner)?.split(separator: "\n").prefix(1).map(String.init) ?? []
    }

    private static func debianDirectories() throws(EmbeddedPostgreSQLError) -> [String] {
        guard let listing = opendir(debianRoot) else {
            if errno == ENOENT { return [] }
            throw FileSystem.failure("open", debianRoot)
        }
        defer { closedir(listing) }
        var versions: [Int] = []
        while let entry = readdir(listing) {
            // Swift sees the name as a tuple of 256 bytes; it ends at the first zero.
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let version = Int(name) { versions.append(version) }
        }
        return versions.sorted(by: >).map { "\(debianRoot)/\($0)/bin" }
    }

    /// The folders of `PATH` that hold a `postgres`, with links resolved, so that the programs beside it are found too.
    private static func pathDirectories() -> [String] {
        ChildProcess.searchPath.split(separator: ":").compactMap { folder in
            // No such file in most of them.
            guard let program = try? FileSystem.realPath("\(folder)/postgres") else { return nil }
            return program.lastIndex(of: "/").map { String(program[..<$0]) }
        }
    }

    private static func isComplete(_ directory: String) -> Bool {
        ["postgres", "initdb", "psql"].allSatisfy { access("\(directory)/\($0)", X_OK) == 0 }
    }

    /// Reads `postgres (PostgreSQL) 15.4 (Debian ...)`, `17beta1` and the like.
    private static func version(of directory: String, _ runner: ProgramRunner) throws(EmbeddedPostgreSQLError)
        -> String?
    {
        let output = try output(of: ["\(directory)/postgres", "--version"], runner)
        guard let number = output?.split(separator: " ").dropFirst(2).first else { return nil }
        let parts = number.split(separator: ".").map { $0.prefix { $0.isNumber } }
        guard let major = parts.first.flatMap({ Int($0) }) else { return nil }
        return major < 10 && parts.count > 1 ? "\(major).\(parts[1])" : "\(major)"
    }

    /// What a program prints; nil when it fails or there is none. That it cannot be started now (no descriptor, no
    /// memory) does not mean that there is none.
    private static func output(
        of command: [String],
        _ runner: ProgramRunner
    ) throws(EmbeddedPostgreSQLError) -> String? {
        do throws(EmbeddedPostgreSQLError) {
            return try runner.output(of: command)
        } catch {
            guard case .notStarted(_, let code) = error, [ENOENT, EACCES, ENOEXEC, ENOTDIR].contains(code) else {
                throw error
            }
            return nil
        }
    }
}
