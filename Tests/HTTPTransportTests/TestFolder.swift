import Glibc
import HTTP
import HTTPTransport
import Testing

/// A folder that goes away with the test, holding some files and a neighbour outside of it.
final class TestFolder {
    let root: String
    var path: String { root + "/public" }

    init() throws {
        var template = Array("/tmp/static-files-XXXXXX".utf8CString)
        root = String(cString: try #require(mkdtemp(&template)))
        for folder in ["/public", "/public/css", "/public/.git", "/outside"] { mkdir(root + folder, 0o755) }
        try write("body {}", to: "/public/css/style.css")
        try write("secret", to: "/public/.env")
        try write("secret", to: "/public/.git/config")
        try write("secret", to: "/outside/secret.txt")
        try write("", to: "/public/empty.txt")
    }

    deinit {
        for name in [
            "/public/css/style.css", "/public/.env", "/public/.git/config", "/outside/secret.txt", "/public/empty.txt",
        ] + extra { unlink(root + name) }
        for folder in ["/public/css", "/public/.git", "/public", "/outside", ""] { rmdir(root + folder) }
    }

    private var extra: [String] = []

    func write(_ text: String, to name: String) throws {
        let file = try #require(fopen(root + name, "w"))
        fputs(text, file)
        fclose(file)
        extra.append(name)
    }

    func link(_ name: String, to target: String) throws {
        try #require(symlink(target, root + name) == 0)
        extra.append(name)
    }

    func files() throws -> StaticFiles { try StaticFiles(directory: path) }
}

extension StaticFiles {
    func response(
        _ method: HTTPMethod = .get, _ target: String, _ fields: [(HTTPFieldName, String)] = []
    ) throws -> HTTPResponse? {
        var all = HTTPFields()
        for (name, value) in fields { all.append(value, for: name) }
        return response(to: try HTTPRequest(method, target, fields: all))
    }
}
