import Glibc

/// The directory of one installed PostgreSQL's programs, and the major version of them.
struct ServerPrograms: Equatable {
    var directory: String
    /// As in a cluster's `PG_VERSION`: "15", or "9.6" before 10.
    var majorVersion: String

    func path(_ program: String) -> String { "\(directory)/\(program)" }

    /// Finds the programs in `directory` or, when that is nil, by `pg_config`, in Debian's folders (highest version
    /// first) and in `PATH`. Of several, those that fit an existing cluster's version win, else the first found.
    static func find(
        in directory: String?,
        forVersion wanted: String?,
        log: ServerLog
    ) throws(EmbeddedPostgreSQLError) -> ServerPrograms {
        let places = directory.map { [$0] } ?? (configured(log) + debianDirectories() + pathDirectories())
        var first: ServerPrograms?
        for place in places where isComplete(place) {
            guard let version = try version(of: place, log) else { continue }
            let programs = ServerPrograms(directory: place, majorVersion: version)
            if wanted == nil || wanted == version { return programs }
            first = first ?? programs
        }
        if let first { return first }
        throw .programsNotFound(searched: directory.map { [$0] } ?? ["`pg_config --bindir`", debianRoot, "PATH"])
    }

    private static let debianRoot = "/usr/lib/postgresql"

    /// The folder that `pg_config` names. It comes with libpq's headers, so the server need not be there.
    private static func configured(_ log: ServerLog) -> [String] {
        // Without pg_config the other places remain.
        let output = try? ChildProcess.output(of: ["pg_config", "--bindir"], errors: log.descriptor)
        return (output ?? nil)?.split(separator: "\n").prefix(1).map(String.init) ?? []
    }

    private static func debianDirectories() -> [String] {
        guard let listing = opendir(debianRoot) else { return [] }
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
        ["postgres", "initdb", "pg_isready", "psql"].allSatisfy { access("\(directory)/\($0)", X_OK) == 0 }
    }

    /// Reads `postgres (PostgreSQL) 15.4 (Debian ...)`, `17beta1` and the like.
    private static func version(of directory: String, _ log: ServerLog) throws(EmbeddedPostgreSQLError) -> String? {
        let output = try ChildProcess.output(of: ["\(directory)/postgres", "--version"], errors: log.descriptor)
        guard let number = output?.split(separator: " ").dropFirst(2).first else { return nil }
        let parts = number.split(separator: ".").map { $0.prefix { $0.isNumber } }
        guard let major = parts.first.flatMap({ Int($0) }) else { return nil }
        return major < 10 && parts.count > 1 ? "\(major).\(parts[1])" : "\(major)"
    }
}
