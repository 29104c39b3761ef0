public import HTTP
import FoundationEssentials

/// The files of one folder, read at the start. Small ones are served from memory, so that a request for one asks nothing
/// of the disk; larger ones are kept open, and sent by the kernel.
///
/// Each has two names: its own, under which it is asked for again each time, and a lasting one that tells its content from
/// others, under which it is kept for good. A script may have, under its lasting name, all that it imports in it.
public struct StaticFiles: Sendable {
    private var named: [String: (file: StaticFile, lasts: Bool)] = [:]
    private var lastingNames: [String: String] = [:]

    /// How much is held in memory.
    public struct MemoryLimits: Sendable {
        /// The largest file, in bytes. Default 1 MiB.
        public var file = 1024 * 1024
        /// All files, in bytes, without what they are compressed to and what scripts are joined to. Default 64 MiB.
        public var total = 64 * 1024 * 1024

        /// The defaults.
        public init() {}
    }

    /// Reads every file below `directory`, except what has a name that begins with a dot or lies in such a folder, and
    /// symbolic links: what they lead to may lie anywhere.
    /// - Parameters:
    ///   - scripts: paths, such as `/js/chat.js`, of modules that have under their lasting name all that they import in
    ///     them. One that is not there is left out.
    ///   - marks: further fields of every answer with a file.
    /// - Throws: an error of the file system, when the folder or a file cannot be read; `ScriptError` when scripts cannot be
    ///   joined.
    public init(
        directory: String, joining scripts: [String] = [], memory limits: MemoryLimits = .init(),
        marks: [(HTTPFieldName, String)] = []
    ) throws {
        var files: [String: StaticFile] = [:]
        var memory = 0
        let root = URL(filePath: directory, directoryHint: .isDirectory).resolvingSymlinksInPath()
        for path in try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted() {
            guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { continue }
            let url = root.appending(path: path)
            let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
            let modified = attributes[.modificationDate] as? Date ?? .now
            let file = try OpenFile(path: url.path)
            let room = min(limits.file, limits.total - memory)
            let (content, version) = try file.read(keepingUpTo: room)
            if case .memory = content { memory += content.length }
            files["/" + path] = StaticFile(
                path: path, content: content, version: version, lastModified: Int64(modified.timeIntervalSince1970),
                marks: marks)
        }
        var lasting = files
        for script in scripts where files[script] != nil {
            lasting[script] = try Self.join(script, of: files, below: root.path, marks)
        }
        for (path, file) in files { named[path] = (file, false) }
        for (path, file) in lasting {
            let name = Self.lastingName(of: path, file.version)
            named[name] = (file, true)
            lastingNames[path] = name
        }
    }

    /// A script with all that it imports.
    private static func join(
        _ path: String, of files: [String: StaticFile], below root: String, _ marks: [(HTTPFieldName, String)]
    ) throws -> StaticFile {
        let bundle = try ScriptBundle(of: path) { path in
            guard files[path] != nil else { return nil }
            // Read anew: of what is large only the open file is kept.
            return try OpenFile(path: root + path).readAll()
        }
        let content = bundle.content
        var hash = ContentHash()
        hash.combine(content)
        return StaticFile(
            path: path, content: .memory(HTTPSharedContent(content)), version: hash.text,
            lastModified: bundle.modules.compactMap { files[$0.path]?.lastModified }.max() ?? 0, marks: marks)
    }

    /// `/js/chat.js` with its version before the ending: `/js/chat.cbf29ce484222325.js`.
    private static func lastingName(of path: String, _ version: String) -> String {
        let name = path.lastIndex(of: "/") ?? path.startIndex
        let end = path[name...].lastIndex(of: ".") ?? path.endIndex
        return "\(path[..<end]).\(version)\(path[end...])"
    }

    /// The answer to a request for one of the files; nil when its target is none.
    public func response(to request: HTTPRequest) -> HTTPResponse? {
        let path = request.target.path
        guard path.utf8.contains(UInt8(ascii: "%")) else { return response(to: request, path) }
        guard let decoded = Self.decode(path) else { return nil }
        return response(to: request, decoded)
    }

    private func response(to request: HTTPRequest, _ name: String) -> HTTPResponse? {
        named[name].map { $0.file.response(to: request, lasts: $0.lasts) }
    }

    /// The name that a percent-encoded path spells; nil when that holds NUL, is not UTF-8, or when a `/` is encoded:
    /// such a slash is no separator of folders (RFC 3986 section 2.2).
    private static func decode(_ path: String) -> String? {
        guard let decoded = PercentCoding.decode(path) else { return nil }
        let slash = UInt8(ascii: "/")
        return decoded.utf8.count { $0 == slash } == path.utf8.count { $0 == slash } ? decoded : nil
    }

    /// The lasting name of a file, such as `/css/style.cbf29ce484222325.css`: the URL path under which this content, and no
    /// other, may be cached for good. Nil when there is no such file.
    public func lastingName(of path: String) -> String? { lastingNames[path] }
}
