import HTTP
import Testing

/// One named input and what becomes of it.
struct Row<Input: Sendable, Expected: Sendable>: Sendable, CustomTestStringConvertible {
    let name: String
    let input: Input
    let expected: Expected

    init(_ name: String, _ input: Input, _ expected: Expected) {
        self.name = name
        self.input = input
        self.expected = expected
    }

    var testDescription: String { name }
}

/// Everything a parser says about an input.
struct ParseOutcome: Equatable {
    var requests: [String] = []
    var error: HTTPParseError?
    var isIdle = true

    /// Feeds `input` in pieces that end at `cuts`.
    init(_ input: [UInt8], cuts: [Int], limits: HTTPLimits) {
        var parser = HTTPRequestParser(limits: limits)
        var start = 0
        for end in cuts + [input.count] {
            input[start..<end].withUnsafeBytes { parser.feed($0) }
            start = end
            drain(&parser)
            if error != nil { break }
        }
        isIdle = parser.phase == .idle
    }

    private mutating func drain(_ parser: inout HTTPRequestParser) {
        do throws(HTTPParseError) {
            while case .request(let request) = try parser.next() { requests.append(request.summary) }
        } catch {
            self.error = error
        }
    }
}

extension HTTPRequest {
    /// All of the request on one line.
    var summary: String {
        let lines = (Array(fields) + Array(trailers)).map { "\($0.name)=\($0.value)" }
        let connection = keepsAlive ? "keep" : "close"
        let version = version == .http10 ? "1.0" : "1.1"
        let text = String(decoding: content, as: UTF8.self)
        return "\(method) \(target) \(version) \(connection) [\(lines.joined(separator: "|"))] \(text)"
    }
}

/// Parses an input whole, byte by byte and in every two pieces; all must give the same.
func parse(
    _ text: String, limits: HTTPLimits = HTTPLimits(), sourceLocation: SourceLocation = #_sourceLocation
) -> ParseOutcome {
    parse(Array(text.utf8), limits: limits, sourceLocation: sourceLocation)
}

func parse(
    _ input: [UInt8], limits: HTTPLimits = HTTPLimits(), sourceLocation: SourceLocation = #_sourceLocation
) -> ParseOutcome {
    let whole = ParseOutcome(input, cuts: [], limits: limits)
    let byByte = ParseOutcome(input, cuts: Array(1..<max(input.count, 1)), limits: limits)
    #expect(byByte == whole, "byte by byte", sourceLocation: sourceLocation)
    // Long inputs are long in one element, where one cut is like another.
    for cut in stride(from: 1, to: input.count, by: 1 + input.count / 1000) {
        let halves = ParseOutcome(input, cuts: [cut], limits: limits)
        #expect(halves == whole, "cut at \(cut)", sourceLocation: sourceLocation)
    }
    return whole
}

/// The bytes of a string with each character a byte: `\u{FF}` is the byte FF.
func latin1(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
}

/// Fields of names and values.
func fields(_ lines: (String, String)...) throws -> HTTPFields {
    var fields = HTTPFields()
    for (name, value) in lines { fields.append(value, for: try #require(HTTPFieldName(name))) }
    return fields
}
