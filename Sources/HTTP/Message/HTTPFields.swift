/// The fields of a message in their order (RFC 9110 section 5).
///
/// All bytes lie in one buffer beside an array of ranges, so that parsing copies a head at most once and looking up a
/// field allocates nothing.
public struct HTTPFields: Sendable {
    /// Where one field lies in `bytes`.
    struct Entry: Sendable {
        var nameStart: UInt32
        var nameEnd: UInt32
        var valueStart: UInt32
        var valueEnd: UInt32

        var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
        var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
    }

    private(set) var bytes: [UInt8]
    private(set) var entries: [Entry]

    /// Whether `bytes` is exactly the field lines as they are sent, so that a serializer can copy it whole.
    private(set) var isWireFormat: Bool

    /// Makes an empty set of fields.
    public init() {
        bytes = []
        entries = []
        isWireFormat = true
    }

    /// Takes over a parsed head: `entries` point into `bytes`, which may hold more than the fields.
    init(parsed bytes: consuming [UInt8], entries: consuming [Entry]) {
        self.bytes = bytes
        self.entries = entries
        isWireFormat = false
    }

    /// The number of field lines.
    public var count: Int { entries.count }

    /// Whether there is no field.
    public var isEmpty: Bool { entries.isEmpty }

    /// The values of a field as one: several lines are joined by `, `, those of Cookie by `; `, and of several
    /// Set-Cookie lines, which cannot be joined, the first is given. Setting replaces every line of the name; nil
    /// removes them.
    ///
    /// A value that is set is sanitised as `append(_:for:)` says.
    public subscript(name: HTTPFieldName) -> String? {
        get {
            guard let first = firstIndex(of: name) else { return nil }
            let value = string(entries[first].value)
            guard name != .setCookie, firstIndex(of: name, from: first + 1) != nil else { return value }
            return values(of: name).joined(separator: name == .cookie ? "; " : ", ")
        }
        set {
            removeAll(named: name)
            if let newValue { append(newValue, for: name) }
        }
    }

    /// The value of each line of a field, in order.
    public func values(of name: HTTPFieldName) -> [String] {
        var values: [String] = []
        forEachValue(of: name) { values.append(String(decoding: $0, as: UTF8.self)) }
        return values
    }

    /// The bytes of a field's first value, without white space around them; allocates nothing.
    public func firstValueBytes(of name: HTTPFieldName) -> ArraySlice<UInt8>? {
        firstIndex(of: name).map { bytes[entries[$0].value] }
    }

    /// Whether there is a field line of this name.
    public func contains(_ name: HTTPFieldName) -> Bool {
        firstIndex(of: name) != nil
    }

    /// Adds a field line.
    ///
    /// Each control other than HTAB (CR, LF and NUL among them) becomes a space, as RFC 9110 section 5.5 lets a
    /// recipient do, and white space around the value is dropped: no value can end its line and split a response.
    public mutating func append(_ value: String, for name: HTTPFieldName) {
        if entries.isEmpty {
            entries.reserveCapacity(8)
            bytes.reserveCapacity(512)
        }
        let nameStart = bytes.count
        appendBytes(of: name.rawValue)
        let nameEnd = bytes.count
        bytes.append(.colon)
        bytes.append(.space)
        let valueStart = bytes.count
        appendBytes(of: value) { $0.isWhitespace || $0.isForbiddenControl }
        for index in valueStart..<bytes.count where bytes[index].isForbiddenControl { bytes[index] = .space }
        let valueEnd = bytes.count
        bytes.append(.carriageReturn)
        bytes.append(.lineFeed)
        entries.append(
            Entry(
                nameStart: UInt32(nameStart), nameEnd: UInt32(nameEnd),
                valueStart: UInt32(valueStart), valueEnd: UInt32(valueEnd)))
    }

    /// Removes every line of a field; its bytes stay in the buffer, unseen.
    public mutating func removeAll(named name: HTTPFieldName) {
        guard let first = firstIndex(of: name) else { return }
        isWireFormat = false
        var index: Int? = first
        while let found = index {
            entries.remove(at: found)
            index = firstIndex(of: name, from: found)
        }
    }

    /// Calls `body` with the value of each line of a field, in order; allocates nothing.
    func forEachValue<Failure: Error>(
        of name: HTTPFieldName, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        var index = firstIndex(of: name)
        while let found = index {
            let range = entries[found].value
            try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
                try body(UnsafeBufferPointer(rebasing: bytes[range]))
            }
            index = firstIndex(of: name, from: found + 1)
        }
    }

    /// The bytes of each line's value, in order.
    func valueSlices(of name: HTTPFieldName) -> [ArraySlice<UInt8>] {
        guard let first = firstIndex(of: name) else { return [] }
        var slices = [bytes[entries[first].value]]
        var index = firstIndex(of: name, from: first + 1)
        while let found = index {
            slices.append(bytes[entries[found].value])
            index = firstIndex(of: name, from: found + 1)
        }
        return slices
    }

    /// Appends the bytes of a string but for those at its ends that are to be trimmed.
    @inline(__always)
    private mutating func appendBytes(of text: String, trimming isTrimmed: (UInt8) -> Bool = { _ in false }) {
        var text = text
        text.withUTF8 { text in
            var start = 0
            var end = text.count
            while start < end, isTrimmed(text[start]) { start += 1 }
            while end > start, isTrimmed(text[end - 1]) { end -= 1 }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<end]))
        }
    }

    private func firstIndex(of name: HTTPFieldName, from start: Int = 0) -> Int? {
        guard start < entries.count else { return nil }
        var wanted = name.rawValue
        // withUTF8 reads a native string in place; it would copy only a bridged one, which no field name is.
        return wanted.withUTF8 { wanted in
            bytes.withUnsafeBufferPointer { bytes in
                search: for index in start..<entries.count {
                    let entry = entries[index]
                    let nameStart = Int(entry.nameStart)
                    guard Int(entry.nameEnd) - nameStart == wanted.count else { continue }
                    for offset in 0..<wanted.count
                    where bytes[nameStart + offset].lowercased != wanted[offset].lowercased { continue search }
                    return index
                }
                return nil
            }
        }
    }

    private func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}

extension HTTPFields: Sequence {
    /// Walks over the lines in order, one name and one value each.
    public struct Iterator: IteratorProtocol {
        private let fields: HTTPFields
        private var index = 0

        fileprivate init(_ fields: HTTPFields) {
            self.fields = fields
        }

        /// The next line's name, in the case it was given in, and value.
        public mutating func next() -> (name: String, value: String)? {
            guard index < fields.entries.count else { return nil }
            defer { index += 1 }
            let entry = fields.entries[index]
            return (name: fields.string(entry.name), value: fields.string(entry.value))
        }
    }

    /// Starts at the first line.
    public func makeIterator() -> Iterator { Iterator(self) }

    /// The number of field lines.
    public var underestimatedCount: Int { entries.count }
}
