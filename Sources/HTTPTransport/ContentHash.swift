/// FNV-1a with 64 bits: tells the versions of one file apart, which nobody wants to forge.
struct ContentHash {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func combine(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    /// Up to sixteen hexadecimal digits.
    var text: String { String(hash, radix: 16) }
}
