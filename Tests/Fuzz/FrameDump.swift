@testable import HTTP

/// Says how the parser frames inputs: reads one in hexadecimal from each line of standard input, and writes a JSON object
/// in a line for it.
@main enum FrameDump {
    static func main() {
        while let line = readLine() { print(frames(of: bytes(line.utf8))) }
    }

    private static func bytes(_ line: String.UTF8View) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in line {
            guard let value = digit.hexDigitValue else { preconditionFailure("not hexadecimal: \(line)") }
            if let first = high { bytes.append(first << 4 | value) }
            high = high == nil ? value : nil
        }
        return bytes
    }

    private static func frames(of bytes: [UInt8]) -> String {
        var parser = HTTPRequestParser()
        bytes.withUnsafeBytes { parser.feed($0) }
        var requests: [String] = []
        var failure = "null"
        do throws(HTTPParseError) {
            while case .request(let request) = try parser.next() { requests.append(json(request)) }
        } catch {
            failure = "\"\(error)\""
        }
        return """
            {"requests": [\(requests.joined(separator: ", "))], "error": \(failure), "rest": \(parser.bufferedByteCount)}
            """
    }

    private static func json(_ request: HTTPRequest) -> String {
        """
        {"method": \(hex(request.method.rawValue)), "target": \(hex(request.target.description)), \
        "version": "\(request.version == .http10 ? "1.0" : "1.1")", "fields": \(json(request.fields)), \
        "content": \(hex(request.content)), "trailers": \(json(request.trailers)), "keeps_alive": \(request.keepsAlive)}
        """
    }

    private static func json(_ fields: HTTPFields) -> String {
        let pairs = fields.entries.map { "[\(hex(fields.bytes[$0.name])), \(hex(fields.bytes[$0.value]))]" }
        return "[" + pairs.joined(separator: ", ") + "]"
    }

    private static func hex(_ text: String) -> String { hex(text.utf8) }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return "\"" + String(decoding: text, as: UTF8.self) + "\""
    }
}
