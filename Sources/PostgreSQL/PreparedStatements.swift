internal import CLibpq

/// Which statements one session has prepared, under which name and for which types of parameters.
struct PreparedStatements {
    /// How one use of a statement is sent.
    enum Use: Equatable {
        /// It is prepared under this name.
        case prepared([CChar])
        /// This use prepares it under this name.
        case preparing([CChar])
        /// Without a name, parsed for this use alone.
        case unnamed
    }

    private struct Entry {
        let name: [CChar]
        let types: [Oid]
        /// Whether the server has confirmed it. Until then other uses go without a name, so that none of them depends on
        /// a statement that may fail to be prepared.
        var isConfirmed = false
    }

    /// By the statement's identity.
    private var entries: [Entry?] = []
    private var namesGiven = 0

    /// Decides how `statement` is sent with parameters of `types`, where `unspecified` is a NULL.
    mutating func use(_ statement: PostgresStatement, types: [Oid]) -> Use {
        let identity = statement.identity
        while entries.count <= identity { entries.append(nil) }
        guard let entry = entries[identity] else { return prepare(identity, types) }
        guard entry.isConfirmed else { return .unnamed }
        guard entry.types.count == types.count else { return .unnamed }
        if zip(entry.types, types).allSatisfy({ $1 == PostgresType.unspecified || $0 == $1 }) {
            return .prepared(entry.name)
        }
        // A first use with NULL left the type to the server, which may have inferred one of another binary format.
        let isLearnt = zip(entry.types, types).allSatisfy {
            $0 == PostgresType.unspecified || $1 == PostgresType.unspecified || $0 == $1
        }
        guard isLearnt else { return .unnamed }
        return prepare(identity, zip(entry.types, types).map { max($0, $1) })
    }

    private mutating func prepare(_ identity: Int, _ types: [Oid]) -> Use {
        namesGiven += 1
        let name = Array("s\(namesGiven)".utf8CString)
        entries[identity] = Entry(name: name, types: types)
        return .preparing(name)
    }

    /// The server has prepared `statement`.
    mutating func confirm(_ statement: PostgresStatement) {
        guard statement.identity < entries.count else { return }
        entries[statement.identity]?.isConfirmed = true
    }

    /// The next use of `statement` prepares it again, under another name.
    mutating func forget(_ statement: PostgresStatement) {
        guard statement.identity < entries.count else { return }
        entries[statement.identity] = nil
    }
}
