import HTTP
import HTTPTransport
import Testing

struct StaticFilesTests {
    private let folder: TestFolder
    init() throws { folder = try TestFolder() }

    @Test func `a file is served whole, with what a browser needs to keep it`() throws {
        let response = try #require(try folder.files().response(.get, "/css/style.css"))
        #expect(response.status == .ok)
        #expect(response.contentInMemory == Array("body {}".utf8)[...])
        #expect(response.fields[.contentType] == "text/css; charset=utf-8")
        #expect(response.fields[.cacheControl] == "no-cache")
        #expect(response.fields[.xContentTypeOptions] == "nosniff")
        #expect(response.fields[.etag]?.hasPrefix("\"") == true)
        let modified = try #require(response.fields[.lastModified])
        #expect(IMFFixdate.parse(modified.utf8) != nil)
    }

    @Test(
        arguments: [
            ("a.css", "text/css; charset=utf-8"), ("a.js", "text/javascript; charset=utf-8"),
            ("a.html", "text/html; charset=utf-8"), ("a.svg", "image/svg+xml"), ("a.png", "image/png"),
            ("a.ico", "image/x-icon"), ("a.woff2", "font/woff2"), ("a.min.js", "text/javascript; charset=utf-8"),
            ("a.CSS", "text/css; charset=utf-8"), ("a.unknown", "application/octet-stream"),
            ("LICENSE", "application/octet-stream"),
        ])
    func `the name tells the media type`(name: String, mediaType: String) throws {
        try folder.write("x", to: "/public/" + name)
        let response = try #require(try folder.files().response(.get, "/" + name))
        #expect(response.fields[.contentType] == mediaType)
    }

    @Test func `an empty file is served empty`() throws {
        let response = try #require(try folder.files().response(.get, "/empty.txt"))
        #expect(response.status == .ok)
        #expect(response.contentInMemory.isEmpty)
    }

    @Test func `a client that has this version is answered 304, another 200`() throws {
        let files = try folder.files()
        let fresh = try #require(try files.response(.get, "/css/style.css"))
        let tag = try #require(fresh.fields[.etag])
        let date = try #require(fresh.fields[.lastModified])
        let rows: [(HTTPFieldName, String, HTTPStatus)] = [
            (.ifNoneMatch, tag, .notModified), (.ifNoneMatch, "W/" + tag, .notModified),
            (.ifNoneMatch, "*", .notModified), (.ifNoneMatch, "\"other\"", .ok),
            (.ifModifiedSince, date, .notModified), (.ifModifiedSince, "Thu, 01 Jan 1970 00:00:00 GMT", .ok),
            (.ifMatch, "\"other\"", .preconditionFailed),
        ]
        for (name, value, status) in rows {
            let response = try #require(try files.response(.get, "/css/style.css", [(name, value)]))
            #expect(response.status == status, "\(name): \(value)")
            #expect(response.contentInMemory.isEmpty == (status != .ok))
            if status == .notModified { #expect(response.fields[.etag] == tag) }
        }
    }

    @Test func `another content has another tag and another lasting name`() throws {
        let before = try folder.files()
        try folder.write("body { }", to: "/public/css/style.css")
        let after = try folder.files()
        let target = "/css/style.css"
        let (old, new) = (try #require(before.lastingName(of: target)), try #require(after.lastingName(of: target)))
        #expect(old != new)
        #expect(
            try before.response(.get, target)?.fields[.etag] != after.response(.get, target)?.fields[.etag])
        #expect(try after.response(.get, old) == nil)
    }

    @Test func `only under its lasting name a file may be kept for good`() throws {
        try folder.write("none", to: "/public/.well.known")
        try folder.write("plain", to: "/public/css/LICENSE")
        let files = try folder.files()
        for (path, form) in [
            ("/css/style.css", /\/css\/style\.[0-9a-f]+\.css/), ("/css/LICENSE", /\/css\/LICENSE\.[0-9a-f]+/),
        ] {
            let name = try #require(files.lastingName(of: path))
            #expect(try form.wholeMatch(in: name) != nil, "\(name)")
            let lasting = try #require(try files.response(.get, name))
            let plain = try #require(try files.response(.get, path))
            #expect(lasting.fields[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(plain.fields[.cacheControl] == "no-cache")
            #expect(lasting.contentInMemory == plain.contentInMemory)
            for field in [HTTPFieldName.etag, .contentType, .lastModified] {
                #expect(lasting.fields[field] == plain.fields[field])
            }
            let tag = try #require(lasting.fields[.etag])
            let unchanged = try #require(try files.response(.get, name, [(.ifNoneMatch, tag)]))
            #expect(unchanged.status == .notModified)
            #expect(unchanged.fields[.cacheControl] == lasting.fields[.cacheControl])
            #expect(try files.response(.get, name, [(.range, "bytes=0-1")])?.status == .partialContent)
            #expect(try files.response(.head, name)?.status == .ok)
        }
        for name in ["/css/style.0.css", "/css/style..css", "/css/style.css.0", "/css/other.css"] {
            #expect(try files.response(.get, name) == nil, "\(name)")
        }
        #expect(files.lastingName(of: "/css/other.css") == nil)
        #expect(files.lastingName(of: "/.well.known") == nil)
    }

    @Test(
        arguments: [
            "/", "/css", "/css/", "/css/other.css", "/style.css", "//css/style.css", "/css/../css/style.css",
            "/../outside/secret.txt", "/css/../../outside/secret.txt", "/%2e%2e/outside/secret.txt",
            "/..%2foutside%2fsecret.txt", "/.env", "/.git/config", "/%2eenv", "/css/./style.css",
            "/css/style.css%00", "/CSS/style.css", "/css%2Fstyle.css", "/css%2fstyle.css", "/css%5cstyle.css",
            "/css/style%FF.css", "/css/%2e%2e/css/style.css", "/css%2f..%2fcss/style.css", "/%2egit/config",
        ])
    func `what is no file of the folder is nil`(target: String) throws {
        let files = try folder.files()
        #expect(try files.response(.get, target) == nil)
        #expect(try files.response(.get, "/css/style.css")?.status == .ok)
    }

    @Test func `symbolic links are not followed, wherever they lead`() throws {
        try folder.link("/public/out.txt", to: "../outside/secret.txt")
        try folder.link("/public/absolute.txt", to: folder.root + "/outside/secret.txt")
        try folder.link("/public/folder", to: "../outside")
        try folder.link("/public/in.css", to: "css/style.css")
        try folder.link("/public/nowhere", to: "no-such-file")
        try folder.link("/public/loop", to: ".")
        let files = try folder.files()
        for target in [
            "/out.txt", "/absolute.txt", "/folder/secret.txt", "/in.css", "/nowhere", "/loop/css/style.css",
        ] {
            #expect(try files.response(.get, target) == nil, "\(target)")
        }
        #expect(try files.response(.get, "/css/style.css")?.status == .ok)
    }

    @Test func `the folder itself may be a symbolic link`() throws {
        try folder.link("/current", to: "public")
        let files = try StaticFiles(directory: folder.root + "/current")
        #expect(try files.response(.get, "/css/style.css")?.status == .ok)
    }

    @Test func `a folder that is not there is an error`() {
        #expect(throws: (any Error).self) { try StaticFiles(directory: folder.root + "/missing") }
    }

    @Test(arguments: [HTTPMethod.post, .put, .delete, .patch])
    func `another method is answered 405 with Allow`(method: HTTPMethod) throws {
        let response = try #require(try folder.files().response(method, "/css/style.css"))
        #expect(response.status == .methodNotAllowed)
        #expect(response.fields[.allow] == "GET, HEAD, OPTIONS")
        #expect(response.contentInMemory.isEmpty)
    }

    @Test func `HEAD has the fields of GET, and OPTIONS tells the methods`() throws {
        let files = try folder.files()
        let get = try #require(try files.response(.get, "/css/style.css"))
        let head = try #require(try files.response(.head, "/css/style.css"))
        #expect(head.status == .ok)
        #expect(head.fields[.etag] == get.fields[.etag])
        #expect(head.contentInMemory.count == get.contentInMemory.count)
        let options = try #require(try files.response(.options, "/css/style.css"))
        #expect(options.status == .noContent)
        #expect(options.fields[.allow] == "GET, HEAD, OPTIONS")
    }

    @Test func `an encoded spelling of a path finds the file, and a name with a percent sign only its own`() throws {
        try folder.write("x", to: "/public/50%25 é.txt")
        let files = try folder.files()
        #expect(try files.response(.get, "/css/st%79le%2Ecss")?.contentInMemory == Array("body {}".utf8)[...])
        #expect(try files.response(.get, "/50%2525%20%C3%A9.txt")?.contentInMemory == [0x78])
        #expect(try files.response(.get, "/50%25%20%C3%A9.txt") == nil)
    }

    @Test(
        arguments: [
            ("bytes=0-3", 206, "bytes 0-3/7", "body"), ("bytes=-2", 206, "bytes 5-6/7", "{}"),
            ("bytes=0-1,2-3", 206, "bytes 0-3/7", "body"), ("bytes=7-", 416, "bytes */7", ""),
            ("bytes=x", 200, nil, "body {}"),
        ] as [(String, Int, String?, String)])
    func `one range is answered by its bytes`(range: String, code: Int, contentRange: String?, text: String) throws {
        let response = try #require(try folder.files().response(.get, "/css/style.css", [(.range, range)]))
        #expect(Int(response.status.code) == code)
        #expect(response.fields[.contentRange] == contentRange)
        #expect(response.contentInMemory == Array(text.utf8)[...])
        if code != 416 { #expect(response.fields[.acceptRanges] == "bytes") }
    }

    @Test func `several ranges are answered in parts, and HEAD knows none`() throws {
        let files = try folder.files()
        let ranges: [(HTTPFieldName, String)] = [(.range, "bytes=0-0,5-")]
        let response = try #require(try files.response(.get, "/css/style.css", ranges))
        #expect(response.status == .partialContent && response.fields[.contentRange] == nil)
        let type = try #require(response.fields[.contentType])
        let start = "multipart/byteranges; boundary="
        #expect(type.hasPrefix(start))
        let expected = MultipartByteRanges.content(
            [0..<1, 5..<7], of: Array("body {}".utf8), mediaType: "text/css; charset=utf-8",
            boundary: String(type.dropFirst(start.count)))
        #expect(response.contentInMemory == expected[...])
        #expect(try files.response(.head, "/css/style.css", ranges)?.status == .ok)
    }

    @Test func `text is served compressed to those who accept it, each coding with its own tag`() throws {
        let text = String(repeating: "body { color: red }\n", count: 100)
        try folder.write(text, to: "/public/css/style.css")
        try folder.write(text, to: "/public/a.png")
        let files = try folder.files()
        let accepts: [(HTTPFieldName, String)] = [(.acceptEncoding, "gzip")]
        let plain = try #require(try files.response(.get, "/css/style.css"))
        let gzip = try #require(try files.response(.get, "/css/style.css", accepts))
        #expect(plain.contentInMemory == Array(text.utf8)[...] && plain.fields[.contentEncoding] == nil)
        #expect(gzip.contentInMemory.count < 200 && gzip.fields[.contentEncoding] == "gzip")
        // Magic number, deflate, no name, time 0 (RFC 1952 section 2.3).
        #expect(Array(gzip.contentInMemory.prefix(8)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        // The length of what was compressed, 2000, ends the format.
        #expect(Array(gzip.contentInMemory.suffix(4)) == [0xD0, 0x07, 0, 0])
        #expect(try folder.files().response(.get, "/css/style.css", accepts)?.contentInMemory == gzip.contentInMemory)
        let tag = try #require(gzip.fields[.etag])
        #expect(tag != plain.fields[.etag] && !tag.hasPrefix("W/"))
        let again = try #require(try files.response(.get, "/css/style.css", accepts + [(.ifNoneMatch, tag)]))
        #expect(again.status == .notModified && again.fields[.etag] == tag)
        for response in [plain, gzip, again] { #expect(response.fields[.vary] == "Accept-Encoding") }
        #expect(try files.response(.get, "/css/style.css", [(.ifNoneMatch, tag)])?.status == .ok)
        let image = try #require(try files.response(.get, "/a.png", accepts))
        #expect(image.fields[.contentEncoding] == nil && image.fields[.vary] == nil)
    }

    @Test func `what compression does not make smaller is served as it is`() throws {
        let response = try #require(
            try folder.files().response(.get, "/css/style.css", [(.acceptEncoding, "gzip")]))
        #expect(response.fields[.contentEncoding] == nil && response.fields[.vary] == nil)
        #expect(response.contentInMemory == Array("body {}".utf8)[...])
        let none = try folder.files().response(.get, "/css/style.css", [(.acceptEncoding, "identity;q=0")])
        #expect(none?.status == .notAcceptable)
    }
}
