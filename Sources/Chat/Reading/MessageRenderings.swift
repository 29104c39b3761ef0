internal import Synchronization

/// The bytes that were made of one message, each form once for all who read it.
///
/// The domain does not know what they are; whoever renders does, and numbers the forms.
package final class MessageRenderings: Sendable {
    /// How many forms there may be.
    package static let count = 8

    private let made = Mutex<[[UInt8]]>([])

    /// Appends the bytes of that form, made by `make` when they are asked for for the first time; never empty ones.
    /// - Parameter form: from 0 up to `count`.
    package func append(_ form: Int, to out: inout [UInt8], make: () -> [UInt8]) {
        let isMade = made.withLock { made in
            guard !made.isEmpty, !made[form].isEmpty else { return false }
            out.append(contentsOf: made[form])
            return true
        }
        if isMade { return }
        let bytes = make()
        out.append(contentsOf: bytes)
        made.withLock { made in
            if made.isEmpty { made = Array(repeating: [], count: Self.count) }
            made[form] = bytes
        }
    }
}
