import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A directory that goes with the object.
final class TemporaryDirectory {
    let path: String
    /// What was made inside, in the order of making.
    private var made: [String] = []

    init() throws {
        var template = Array("/tmp/HTMLTemplateTests.XXXXXX".utf8CString)
        _ = try #require(mkdtemp(&template))
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for path in made.reversed() { remove(path) }
        remove(path)
    }

    /// Writes a file, and makes the directories on the way to it.
    func write(_ name: String, _ text: String) throws {
        var directory = path
        for part in name.split(separator: "/").dropLast() {
            directory += "/\(part)"
            if mkdir(directory, 0o700) == 0 { made.append(directory) }
        }
        let file = try #require(fopen("\(path)/\(name)", "w"))
        made.append("\(path)/\(name)")
        #expect(fputs(text, file) >= 0)
        #expect(fclose(file) == 0)
    }

    /// Makes a symbolic link.
    func link(_ name: String, to target: String) {
        #expect(symlink(target, "\(path)/\(name)") == 0)
        made.append("\(path)/\(name)")
    }
}
