/// One step from a state of the schema to the next, by number.
///
/// It is a transaction, and holds nobody up: it locks what others use for a moment only, and has to expect that it fails for
/// want of a lock and is tried again. Whatever takes longer is one statement outside a transaction, whose first line says
/// so: `-- Outside a transaction`, or `-- Outside a transaction: the index NAME` for one that makes an index CONCURRENTLY.
/// Such a statement may be ended half way, and is run again then.
struct SchemaStep: Sendable {
    enum Kind: Equatable, Sendable {
        case transaction
        /// It takes what it needs in pieces, or waits without standing before anybody.
        case statement
        /// When it fails half way it leaves an index that is not valid, to be dropped before it is run again.
        case index(String)
    }

    let number: Int
    let name: String
    let text: String
    let kind: Kind

    init(number: Int, name: String, text: String) {
        self.number = number
        self.name = name
        self.text = text
        let line = text.prefix { $0 != "\n" }
        if line.hasPrefix(Self.indexMark) {
            kind = .index(String(line.dropFirst(Self.indexMark.count)))
        } else {
            kind = line == Self.mark ? .statement : .transaction
        }
    }

    private static let mark = "-- Outside a transaction"
    private static let indexMark = mark + ": the index "
}
