/// A script and all that it imports, joined into one, which a browser gets by one request.
///
/// The modules follow each other as they would be evaluated, each after those that it imports (ECMAScript 2024,
/// section 16.2.1.6), without their imports and exports: what is at the top level of one, all see. So each name there has
/// to be one module's alone.
struct ScriptBundle {
    /// In the order of their evaluation; the one that begins is the last.
    private(set) var modules: [ScriptModule] = []
    /// Those that are being imported, each by the one before it.
    private var importing: [String] = []

    /// - Parameters:
    ///   - path: the script that begins, such as `/js/chat.js`.
    ///   - source: the content of a script; nil when there is none of that path.
    /// - Throws: `ScriptError`, or what `source` throws.
    init(of path: String, source: (String) throws -> [UInt8]?) throws {
        try add(path, importedBy: nil, source)
        var owners: [String: (path: String, line: Int)] = [:]
        for module in modules {
            for declaration in module.declarations {
                if let owner = owners[declaration.name] {
                    throw ScriptError(
                        path: module.path, line: declaration.line,
                        reason: "\(declaration.name) is declared at the top level of \(owner.path):\(owner.line), too, "
                            + "and they are joined into one script: it needs another name")
                }
                owners[declaration.name] = (module.path, declaration.line)
            }
        }
    }

    /// All of them in one, with a line before each that says where it is from.
    var content: [UInt8] {
        var content: [UInt8] = []
        for module in modules {
            content += Array("// \(module.path)\n".utf8)
            content += module.content
            if module.content.last != UInt8(ascii: "\n") { content.append(UInt8(ascii: "\n")) }
        }
        return content
    }

    private mutating func add(
        _ path: String, importedBy place: (path: String, line: Int)?, _ source: (String) throws -> [UInt8]?
    ) throws {
        guard !modules.contains(where: { $0.path == path }) else { return }
        if let start = importing.firstIndex(of: path) {
            let circle = (importing[start...] + [path]).joined(separator: ", ")
            throw ScriptError(
                path: place?.path ?? path, line: place?.line ?? 1,
                reason: "scripts import each other in a circle: \(circle)")
        }
        guard let bytes = try source(path) else {
            throw ScriptError(path: place?.path ?? path, line: place?.line ?? 1, reason: "there is no \(path)")
        }
        let module = try ScriptModule(bytes, path: path)
        importing.append(path)
        for wanted in module.imports {
            try add(wanted.path, importedBy: (path, wanted.line), source)
            let exported = modules.first { $0.path == wanted.path }?.declarations.filter(\.isExported).map(\.name) ?? []
            for name in wanted.names where !exported.contains(name) {
                throw ScriptError(path: path, line: wanted.line, reason: "\(wanted.path) exports no \(name)")
            }
        }
        importing.removeLast()
        modules.append(module)
    }
}
