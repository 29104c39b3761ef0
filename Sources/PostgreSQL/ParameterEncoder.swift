internal import CLibpq

/// Encodes the parameters of one query at a time in the server's binary format, in buffers that it keeps.
struct ParameterEncoder {
    private var buffer: [UInt8] = []
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private var values: [UnsafePointer<CChar>?] = []
    /// The type that each parameter declares, `unspecified` for NULL.
    private(set) var types: [Oid] = []

    /// The most that the parameters of one query may be together: PostgreSQL's limit of a value, 1 GB.
    static let maximumSize = 1 << 30
    /// The most parameters that the protocol can count (Bind message).
    static let maximumCount = 65535
    /// A buffer that grew beyond this is not kept.
    private static let keptCapacity = 1 << 16

    mutating func encode(_ parameters: [PostgresParameter]) throws(PostgresError) {
        if buffer.capacity > Self.keptCapacity { buffer = [] }
        buffer.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        types.removeAll(keepingCapacity: true)
        guard parameters.count <= Self.maximumCount else {
            throw PostgresError(.invalidRequest, "\(parameters.count) parameters are more than 65,535")
        }
        for parameter in parameters {
            let start = buffer.count
            let type = append(parameter)
            guard buffer.count <= Self.maximumSize else {
                throw PostgresError(.invalidRequest, "the parameters are larger than 1 GB")
            }
            types.append(type)
            starts.append(type == PostgresType.unspecified ? nil : start)
            lengths.append(Int32(buffer.count - start))
        }
        // An empty value at the very end needs an address too.
        buffer.append(0)
        while formats.count < parameters.count { formats.append(1) }
    }

    /// Calls `body` with the arrays as PQsendQueryPrepared takes them: count, values, lengths and formats.
    mutating func withArrays<Result>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Result
    ) -> Result {
        values.removeAll(keepingCapacity: true)
        return buffer.withUnsafeBytes { bytes in
            let base = bytes.assumingMemoryBound(to: CChar.self).baseAddress
            for start in starts { values.append(start.flatMap { start in base.map { $0 + start } }) }
            return body(Int32(starts.count), values, lengths, formats)
        }
    }

    private mutating func append(_ parameter: PostgresParameter) -> Oid {
        switch parameter {
        case .null:
            return PostgresType.unspecified
        case .int(let value):
            append(value)
            return PostgresType.int8
        case .bool(let value):
            buffer.append(value ? 1 : 0)
            return PostgresType.bool
        case .text(let value):
            buffer.append(contentsOf: value.utf8)
            return PostgresType.text
        case .utf8(let value):
            buffer.append(contentsOf: value)
            return PostgresType.text
        case .bytes(let value):
            buffer.append(contentsOf: value)
            return PostgresType.bytea
        case .uuid(let value):
            append(value)
            return PostgresType.uuid
        case .timestamp(let value):
            let (since2000, isTooEarly) = value.subtractingReportingOverflow(microsecondsTo2000)
            // The smallest stands for -infinity; the one after it is refused by the server.
            append(isTooEarly ? .min + 1 : max(since2000, .min + 1))
            return PostgresType.timestamptz
        case .ints(let values):
            appendArray(of: PostgresType.int8, values) { $0.append($1) }
            return PostgresType.int8Array
        case .texts(let values):
            appendArray(of: PostgresType.text, values) { $0.buffer.append(contentsOf: $1.utf8) }
            return PostgresType.textArray
        case .utf8s(let values):
            appendArray(of: PostgresType.text, values) { $0.buffer.append(contentsOf: $1) }
            return PostgresType.textArray
        case .byteArrays(let values):
            appendArray(of: PostgresType.bytea, values) { $0.buffer.append(contentsOf: $1) }
            return PostgresType.byteaArray
        }
    }

    private mutating func append<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.bigEndian) { buffer.append(contentsOf: $0) }
    }

    /// An array of one dimension, or of none when it is empty (`array_recv` in `arrayfuncs.c`).
    private mutating func appendArray<Element>(
        of type: Oid, _ elements: [Element], _ appendElement: (inout Self, Element) -> Void
    ) {
        let hasNulls: Int32 = 0
        let lowerBound: Int32 = 1
        append(Int32(elements.isEmpty ? 0 : 1))
        append(hasNulls)
        append(type)
        if elements.isEmpty { return }
        append(Int32(truncatingIfNeeded: elements.count))
        append(lowerBound)
        for element in elements {
            let lengthIndex = buffer.count
            append(Int32(0))
            appendElement(&self, element)
            let length = Int32(truncatingIfNeeded: buffer.count - lengthIndex - 4)
            withUnsafeBytes(of: length.bigEndian) { bytes in
                for index in 0..<4 { buffer[lengthIndex + index] = bytes[index] }
            }
        }
    }
}
