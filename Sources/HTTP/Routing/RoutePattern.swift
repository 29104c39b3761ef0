/// A parsed route pattern.
struct RoutePattern {
    enum Segment: Hashable {
        case literal([UInt8])
        case integer
        case text
        case rest
    }

    private(set) var segments: [Segment] = []
    private(set) var parameterNames: [String] = []

    init(_ pattern: String) throws(RouterError) {
        guard pattern.utf8.first == .slash else { throw .malformedPattern(pattern) }
        for part in pattern.utf8.dropFirst().split(separator: .slash, omittingEmptySubsequences: false) {
            guard segments.last != .rest else { throw .malformedPattern(pattern) }
            guard part.first == UInt8(ascii: "{") else {
                // A percent sign would never be matched, since paths are compared decoded.
                guard part.allSatisfy({ ByteClass.registeredName.contains($0) || $0 == .colon || $0 == 0x40 }) else {
                    throw .malformedPattern(pattern)
                }
                segments.append(.literal(Array(part)))
                continue
            }
            guard let (name, segment) = Self.parameter(part) else { throw .malformedPattern(pattern) }
            guard !parameterNames.contains(name) else { throw .duplicateParameter(pattern: pattern, name: name) }
            segments.append(segment)
            parameterNames.append(name)
        }
    }

    private static func parameter(_ part: Substring.UTF8View) -> (name: String, segment: Segment)? {
        guard part.count > 2, part.last == UInt8(ascii: "}") else { return nil }
        var name = part.dropFirst().dropLast()
        var segment = Segment.text
        if name.suffix(3).elementsEqual("...".utf8) {
            name = name.dropLast(3)
            segment = .rest
        } else if let colon = name.firstIndex(of: .colon) {
            guard name[colon...].elementsEqual(":int".utf8) else { return nil }
            name = name[..<colon]
            segment = .integer
        }
        guard let first = name.first, !first.isDigit,
            name.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") })
        else { return nil }
        return (String(decoding: name, as: UTF8.self), segment)
    }
}
