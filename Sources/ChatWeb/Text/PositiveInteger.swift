import HTTP

/// Numbers as people and programs write them: decimal digits and nothing else, so no sign, which `Int64(_:)` takes.
enum PositiveInteger {
    /// A number from 1 to 2⁶³−1; nil for anything else.
    static func parse(_ text: String) -> Int64? { parseOrZero(text).flatMap { $0 > 0 ? $0 : nil } }

    /// A number from 0 to 2⁶³−1; nil for anything else.
    static func parseOrZero(_ text: String) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        return Int64(text)
    }
}

extension HTTPForm {
    /// The parameter as a number; nil when it is not there.
    /// - Throws: `HTTPError` 422 when it is no number or out of `range`.
    func integer(_ name: String, in range: ClosedRange<Int64>) throws -> Int64? {
        guard let text = self[name] else { return nil }
        guard let value = PositiveInteger.parseOrZero(text), range.contains(value) else {
            throw HTTPError(
                .unprocessableContent,
                "\(name) harus berupa bilangan dari \(range.lowerBound) sampai \(range.upperBound).", field: name)
        }
        return value
    }
}
