/// The texts that were compressed last, found by themselves: whoever asks with a text that is another by one byte finds
/// another, so that nothing has to be told when something changes.
///
/// Within a bound: what is asked for neither in the newer nor in the older half goes.
final class DeflatedParts {
    private var newer: [UInt64: DeflatedPart] = [:]
    private var older: [UInt64: DeflatedPart] = [:]
    private var newerByteCount = 0
    private var olderByteCount = 0
    private let maxByteCount: Int
    /// Nil before the first, and as long as zlib has no memory.
    private var deflater: Deflater?

    /// - Parameter maxByteCount: the bound of what all take; a single text may take more, as the only one of its half.
    init(maxByteCount: Int) { self.maxByteCount = maxByteCount }

    /// What they take, in bytes; those that have gone over to the newer half count in both.
    var byteCount: Int { newerByteCount + olderByteCount }

    /// The text, compressed now or before; nil when there is no memory for it.
    func part(for text: ArraySlice<UInt8>) -> DeflatedPart? {
        let key = TextKey.key(of: text)
        if let part = newer[key], part.is(text) { return part }
        if let part = older.removeValue(forKey: key), part.is(text) {
            keep(part, key)
            return part
        }
        if deflater == nil { deflater = Deflater() }
        guard let deflater else { return nil }
        let part = DeflatedPart(text, by: deflater)
        keep(part, key)
        return part
    }

    private func keep(_ part: DeflatedPart, _ key: UInt64) {
        if newerByteCount + part.byteCount > maxByteCount / 2 {
            older = newer
            olderByteCount = newerByteCount
            newer = [:]
            newerByteCount = 0
        }
        // Two texts of one key take each other's place.
        newerByteCount -= newer[key]?.byteCount ?? 0
        newer[key] = part
        newerByteCount += part.byteCount
    }
}
