internal import Synchronization

/// What was made of a value for those who get it: made once for all who get the same.
///
/// The domain does not know what it is; whoever renders does, and asks for each kind by one type only.
package final class Renderings: Sendable {
    /// What makes one rendering differ from another.
    package struct Kind: Hashable, Sendable {
        let format: UInt8
        let reader: Int64?

        /// - Parameters:
        ///   - format: a number for each format that the renderer has.
        ///   - reader: for whom it is made, where it differs from what others get.
        package init(format: UInt8, reader: Int64?) {
            self.format = format
            self.reader = reader
        }
    }

    private let made = Mutex<[Kind: any Sendable]>([:])

    /// The rendering of that kind, made by `make` when it is the first.
    package func value<Value: Sendable>(_ kind: Kind, make: () -> Value) -> Value {
        made.withLock { made in
            if let value = made[kind] as? Value { return value }
            let value = make()
            made[kind] = value
            return value
        }
    }
}
