import Synchronization

/// Somebody's browser, or program: speaks HTTP by hand, so that it can send what no library would, and keeps cookies.
final class Client: Sendable {
    let port: UInt16
    private let jar: Mutex<String?>

    init(port: UInt16, cookie: String? = nil) {
        self.port = port
        jar = Mutex(cookie)
    }

    /// The Cookie field; nil without a session.
    var cookie: String? { jar.withLock { $0 } }

    /// What the client wants to be answered with.
    enum Format: Hashable, Sendable {
        case html, json
        /// curl's `*/*`.
        case anything
        case accept(String)

        var accept: String {
            switch self {
            case .html: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
            case .json: "application/json"
            case .anything: "*/*"
            case .accept(let value): value
            }
        }
    }

    typealias Fields = [(name: String, value: String)]

    /// The same person with the same cookie at another process.
    func at(_ site: TestSite) -> Client { Client(port: site.port, cookie: cookie) }

    // MARK: Requests

    func get(_ target: String, as format: Format = .html, fields: Fields = []) async throws -> Response {
        try await send("GET", target, as: format, fields: fields)
    }

    func getJSON(_ target: String) async throws -> JSON { try await get(target, as: .json).json() }

    func post(
        _ target: String, _ form: [String: String] = [:], as format: Format = .html, fields: Fields = []
    ) async throws -> Response {
        try await send("POST", target, as: format, fields: Self.formType + fields, content: Self.encode(form))
    }

    /// Posts content that is not a form, or not a good one.
    func post(
        _ target: String, content: String, type: String? = "application/x-www-form-urlencoded",
        as format: Format = .html
    ) async throws -> Response {
        let fields = type.map { [(name: "Content-Type", value: $0)] } ?? []
        return try await send("POST", target, as: format, fields: fields, content: Array(content.utf8))
    }

    func send(
        _ method: String, _ target: String, as format: Format = .html, fields: Fields = [], content: [UInt8] = []
    ) async throws -> Response {
        let request = request(method, target, as: format, fields: fields, content: content)
        let port = port
        let response = try await Blocking.run {
            let socket = try ClientSocket(port: port)
            try socket.send(request)
            return try Response(parsing: try socket.readToEnd(within: .patience), method: method)
        }
        keepCookie(of: response)
        return response
    }

    /// Sends a GET and leaves it to the caller to await the answer.
    func begin(_ target: String, as format: Format = .json) async throws -> OpenRequest {
        let request = request("GET", target, as: format)
        let port = port
        let socket = try await Blocking.run {
            let socket = try ClientSocket(port: port)
            try socket.send(request)
            return socket
        }
        return OpenRequest(socket: socket)
    }

    /// Posts a form and leaves it to the caller to await the answer.
    func begin(posting form: [String: String] = [:], to target: String, as format: Format = .json) async throws
        -> OpenRequest
    {
        let request = request("POST", target, as: format, fields: Self.formType, content: Self.encode(form))
        let port = port
        let socket = try await Blocking.run {
            let socket = try ClientSocket(port: port)
            try socket.send(request)
            return socket
        }
        return OpenRequest(socket: socket)
    }

    // MARK: Parts

    static let formType: Fields = [("Content-Type", "application/x-www-form-urlencoded")]

    private func request(
        _ method: String, _ target: String, as format: Format, fields: Fields = [], content: [UInt8] = []
    ) -> [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        head += "Accept: \(format.accept)\r\n"
        if let cookie { head += "Cookie: \(cookie)\r\n" }
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if method == "POST" || !content.isEmpty { head += "Content-Length: \(content.count)\r\n" }
        return Array((head + "\r\n").utf8) + content
    }

    private func keepCookie(of response: Response) {
        guard let pair = response["set-cookie"]?.prefix(while: { $0 != ";" }) else { return }
        jar.withLock { $0 = pair == "obrolan_session=" ? nil : String(pair) }
    }

    static func encode(_ form: [String: String]) -> [UInt8] {
        Array(form.map { "\(encode($0))=\(encode($1))" }.joined(separator: "&").utf8)
    }

    /// Percent-encodes everything but ASCII letters and digits.
    static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter || (0x30...0x39).contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }
}

/// A request whose answer is still awaited.
struct OpenRequest: Sendable {
    let socket: ClientSocket

    /// Whether no answer comes in that time: a tenth of a second is long for a server that means to answer.
    func isHeld(for time: Duration = .milliseconds(100)) async throws -> Bool {
        try await Blocking.run { !socket.isReadable(within: time) }
    }

    func response(within time: Duration = .beforeItsEnd) async throws -> Response {
        try await Blocking.run { try Response(parsing: try socket.readToEnd(within: time), method: "GET") }
    }

    func json(within time: Duration = .beforeItsEnd) async throws -> JSON { try await response(within: time).json() }
}
