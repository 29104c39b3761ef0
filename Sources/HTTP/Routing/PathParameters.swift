/// What the parameters of a route's pattern stand for in one path.
public struct PathParameters: Sendable {
    private let path: String
    private let names: [String]
    private let ranges: [Range<Int>]

    init(path: String, names: [String], ranges: [Range<Int>]) {
        self.path = path
        self.names = names
        self.ranges = ranges
    }

    /// The value of a parameter as a positive number; nil if there is no such parameter, or it is not one: never for
    /// one declared `int`.
    public func int(_ name: String) -> Int64? {
        withBytes(of: name) { PathSegment(bytes: $0).positiveInt64 }
    }

    /// The value of a parameter, percent-decoded; nil if there is no such parameter, or the value is invalid
    /// percent-encoding, holds NUL or is not UTF-8.
    ///
    /// A decoded value may hold `/` (sent as `%2F`) and may be `..`: who makes a file name of it must check.
    public func string(_ name: String) -> String? {
        withBytes(of: name) { PercentCoding.decode($0) }
    }

    private func withBytes<Result>(
        of name: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result?
    ) -> Result? {
        guard let index = names.firstIndex(of: name) else { return nil }
        // withUTF8 reads a native string in place; it would copy only a bridged one.
        var path = path
        return path.withUTF8 { body(UnsafeBufferPointer(rebasing: $0[ranges[index]])) }
    }
}
