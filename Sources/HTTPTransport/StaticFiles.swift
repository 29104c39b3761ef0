public import HTTP
import FoundationEssentials

/// The files of one folder, read at the start. Small ones are served from memory, so that a request for one asks nothing
/// of the disk; larger ones are kept open, and sent by the kernel.
public struct StaticFiles: Sendable {
    private let files: [String: StaticFile]

    /// How much is held in memory.
    public struct MemoryLimits: Sendable {
        /// The largest file, in bytes. Default 1 MiB.
        public var file = 1024 * 1024
        /// All files, in bytes, without what they are compressed to. Default 64 MiB.
        public var total = 64 * 1024 * 1024

        /// The defaults.
        public init() {}
    }

    /// Reads every file below `directory`, except what has a name that begins with a dot or lies in such a folder, and
    /// symbolic links: what they lead to may lie anywhere.
    /// - Parameter marks: further fields of every answer with a file.
    /// - Throws: an error of the file system, when the folder or a file cannot be read.
    public init(
        directory: String, memory limits: MemoryLimits = .init(), marks: [(HTTPFieldName, String)] = []
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
        self.files = files
    }

    /// The answer to a request for one of the files; nil when its target is none.
    public func response(to request: HTTPRequest) -> HTTPResponse? {
        let path = request.target.path
        guard path.utf8.contains(UInt8(ascii: "%")) else { return files[path]?.response(to: request) }
        guard let decoded = Self.decode(path) else { return nil }
        return files[decoded]?.response(to: request)
    }

    /// The name that a percent-encoded path spells; nil when that holds NUL, is not UTF-8, or when a `/` is encoded:
    /// such a slash is no separator of folders (RFC 3986 section 2.2).
    private static func decode(_ path: String) -> String? {
        guard let decoded = PercentCoding.decode(path) else { return nil }
        let slash = UInt8(ascii: "/")
        return decoded.utf8.count { $0 == slash } == path.utf8.count { $0 == slash } ? decoded : nil
    }

    /// The URL path of a file with what tells this version of it from others, so that it may be cached for good;
    /// nil when there is no such file.
    public func versionedURL(of path: String) -> String? {
        files[path].map { "\(path)?v=\($0.version)" }
    }
}
