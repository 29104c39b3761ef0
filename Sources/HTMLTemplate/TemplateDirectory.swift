#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads the templates of a directory.
enum TemplateDirectory {
    /// Every `*.html` in the directory and below it, in the order of their names.
    static func sources(in path: String) throws(TemplateError) -> [TemplateSource] {
        var sources: [TemplateSource] = []
        try collect(path, prefix: "", into: &sources)
        return sources.sorted { $0.name < $1.name }
    }

    private static func collect(
        _ path: String, prefix: String, into sources: inout [TemplateSource]
    ) throws(TemplateError) {
        for name in try entries(of: path) {
            let child = "\(path)/\(name)"
            if try isDirectory(child) {
                try collect(child, prefix: "\(prefix)\(name)/", into: &sources)
            } else if name.hasSuffix(".html") {
                sources.append(TemplateSource(name: prefix + name, bytes: try contents(of: child)))
            }
        }
    }

    private static func entries(of path: String) throws(TemplateError) -> [String] {
        guard let directory = opendir(path) else { throw failure("cannot open the directory", path) }
        defer { closedir(directory) }
        var names: [String] = []
        while true {
            // readdir returns nil at the end as well as on failure; only errno tells which.
            errno = 0
            guard let entry = readdir(directory) else {
                guard errno == 0 else { throw failure("cannot list the directory", path) }
                return names
            }
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            // Besides "." and ".." these are an editor's: its lock is a symbolic link to nowhere, ".#page.html".
            if !name.hasPrefix(".") { names.append(name) }
        }
    }

    private static func isDirectory(_ path: String) throws(TemplateError) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure("cannot look at the file", path) }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    private static func contents(of path: String) throws(TemplateError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("cannot open the file", path) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(file, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes.append(contentsOf: chunk[..<count])
            } else if errno != EINTR {
                throw failure("cannot read the file", path)
            }
        }
    }

    private static func failure(_ message: String, _ path: String) -> TemplateError {
        TemplateError(file: path, message: "\(message): \(String(cString: strerror(errno)))")
    }
}
