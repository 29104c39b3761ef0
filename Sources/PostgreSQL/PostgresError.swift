internal import CLibpq

/// Why a query has no result.
public struct PostgresError: Error, CustomStringConvertible, CustomDebugStringConvertible {
    /// What went wrong, as far as a program can act on it.
    public enum Kind: Hashable, Sendable {
        /// The server refused it; `sqlState` tells why. Nothing was changed.
        case server
        /// No connection could take it in time, or too many wait; it was never sent.
        case unavailable
        /// The connections of its lane were taken by others for as long as it was patient; nothing was done.
        case busy
        /// The connection broke before the result was there. With `outcomeUnknown` it may have been done and committed.
        case connectionLost(outcomeUnknown: Bool)
        /// A column is not what the program takes it for.
        case decoding
        /// It cannot be sent, whatever the state of the server.
        case invalidRequest
        /// The server is there, but not one that the statements can rely on.
        case unfit(PostgresUnfitness)
    }

    /// A reference keeps the error, which every result of a query is declared to carry, one word small.
    private final class Fields: Sendable {
        let kind: Kind
        let message: String
        let sqlState: String?
        let constraint: String?
        let detail: String?
        let hint: String?
        let isFatal: Bool
        let statement: String?
        let isStale: Bool

        init(
            _ kind: Kind, _ message: String, sqlState: String? = nil, constraint: String? = nil, detail: String? = nil,
            hint: String? = nil, isFatal: Bool = false, statement: String? = nil, isStale: Bool = false
        ) {
            self.kind = kind
            self.message = message
            self.sqlState = sqlState
            self.constraint = constraint
            self.detail = detail
            self.hint = hint
            self.isFatal = isFatal
            self.statement = statement
            self.isStale = isStale
        }
    }

    private let fields: Fields

    init(_ kind: Kind, _ message: String, sqlState: String? = nil, statement: PostgresStatement? = nil) {
        fields = Fields(kind, message, sqlState: sqlState, statement: statement?.text)
    }

    /// The server cannot be used.
    init(_ unfitness: PostgresUnfitness) { fields = Fields(.unfit(unfitness), unfitness.description) }

    /// The error that the server answered `statement` with, by PQresultErrorField.
    /// - Parameter isStale: whether it may come of a plan that was made before the tables were changed.
    init(serverError result: OpaquePointer, statement: PostgresStatement? = nil, isStale: Bool = false) {
        func field(_ code: Int32) -> String? { PQresultErrorField(result, code).map { String(cString: $0) } }
        let severity = field(CLibpqSeverity)
        fields = Fields(
            .server,
            field(CLibpqMessage) ?? String(cString: PQresultErrorMessage(result)),
            sqlState: field(CLibpqSQLState),
            constraint: field(CLibpqConstraint),
            detail: field(CLibpqDetail),
            hint: field(CLibpqHint),
            isFatal: severity == "FATAL" || severity == "PANIC",
            statement: statement?.text,
            isStale: isStale)
    }

    /// The error that the server answered a script with, which tells the line instead of repeating the script.
    init(serverError result: OpaquePointer, script: PostgresStatement) {
        let error = Self(serverError: result)
        let place = PQresultErrorField(result, CLibpqPosition).flatMap { Int(String(cString: $0)) }
        let line = place.map { place in
            // The server counts characters from 1.
            1 + script.text.unicodeScalars.prefix(max(0, place - 1)).count { $0 == "\n" }
        }
        fields = Fields(
            .server, error.message + (line.map { ", in line \($0) of the script" } ?? ""), sqlState: error.sqlState,
            constraint: error.constraint, detail: error.fields.detail, hint: error.fields.hint, isFatal: error.isFatal)
    }

    /// The connection's latest error, by PQerrorMessage, without the password, by PQpass, should it quote that.
    init(_ kind: Kind, ofConnection connection: OpaquePointer) {
        let message = String(cString: PQerrorMessage(connection))
        let password = PQpass(connection).map { String(cString: $0) } ?? ""
        let clean = password.isEmpty ? message : message.replacing(password, with: "****")
        self.init(kind, clean.last == "\n" ? String(clean.dropLast()) : clean)
    }

    /// What went wrong, as far as a program can act on it.
    public var kind: Kind { fields.kind }
    /// The SQLSTATE of five characters when the server refused it (PostgreSQL, "Error Codes").
    public var sqlState: String? { fields.sqlState }
    /// The name of the constraint that was violated.
    public var constraint: String? { fields.constraint }
    /// The primary message, without detail; it may quote a value.
    public var message: String { fields.message }

    /// Whether no connection could take it in time: it was never sent, and may be tried again later.
    public var isUnavailable: Bool { kind == .unavailable }
    /// Whether it may have been done and committed although there is no result.
    public var isOutcomeUnknown: Bool { kind == .connectionLost(outcomeUnknown: true) || saysUnknown }

    /// Whether the server, or what stands before it, says so itself (transaction_resolution_unknown,
    /// statement_completion_unknown).
    private var saysUnknown: Bool { kind == .server && ["08007", "40003"].contains(sqlState) }

    /// Whether nothing was done, for a reason that may be gone when it is tried again: there is no connection or it broke
    /// before the query was sent, the server is short of something (SQLSTATE class 53), is going away or has cancelled
    /// the query (57), takes no writes because it is a standby (25006), gave way to others (40), or is busy.
    public var isTransient: Bool {
        switch kind {
        case .unavailable, .busy: return true
        case .connectionLost(let outcomeUnknown): return !outcomeUnknown
        case .server:
            guard let sqlState, !saysUnknown else { return false }
            return ["25006", "55P03"].contains(sqlState)
                || ["08", "40", "53", "57"].contains { sqlState.hasPrefix($0) }
        case .decoding, .invalidRequest, .unfit: return false
        }
    }

    /// Whether it was not done because others were in the way: somebody holds what it needs (SQLSTATE 55P03), it gave way to
    /// them (40), or its lane was taken for too long. It may be tried again; the database is there.
    public var isBusy: Bool { kind == .busy || isRefusedLock || hasGivenWay }

    /// Whether it had to wait for a lock for longer than its lane allows; it was undone.
    var isRefusedLock: Bool { kind == .server && sqlState == "55P03" }

    /// Whether it may succeed at once when it is sent again: it gave way to others, its plan was that of a table that has
    /// changed, or its session ended before it was done.
    var isWorthRepeating: Bool { hasGivenWay || isStale || kind == .connectionLost(outcomeUnknown: false) }

    /// Whether it may come of a plan that was made before a table was changed.
    var isStale: Bool { fields.isStale }

    /// Whether the server undid it to let others through.
    private var hasGivenWay: Bool { kind == .server && sqlState?.hasPrefix("40") == true && !saysUnknown }

    /// Whether the server ends the connection with this error.
    var isFatal: Bool { fields.isFatal }

    /// Whether it is the last word of a backend that ends in order, of its own or because it was told to: a pooler's
    /// own last words have other codes (08), and a backend that ends because another has crashed says so in a warning.
    var isOrderlyFarewell: Bool { isFatal && ["57P01", "57P05", "25P03"].contains(sqlState) }

    /// What may be shown to anybody: no message, no values.
    public var description: String {
        switch kind {
        case .server:
            "PostgreSQL error \(sqlState ?? "without SQLSTATE")" + (constraint.map { ", constraint \($0)" } ?? "")
        case .unavailable: "PostgreSQL is not available"
        case .busy: "PostgreSQL is busy"
        case .unfit(let unfitness): unfitness.description
        case .connectionLost(let outcomeUnknown):
            "the connection to PostgreSQL was lost" + (outcomeUnknown ? ", the outcome is unknown" : "")
        case .decoding: "a column of a PostgreSQL result is not as expected"
        case .invalidRequest: "a query cannot be sent to PostgreSQL"
        }
    }

    /// Everything for the operator's eyes: message, detail, hint and statement, but never the parameters.
    public var debugDescription: String {
        if case .unfit = kind { return description }
        var text = "\(description): \(message)"
        if let detail = fields.detail { text += "\nDETAIL: \(detail)" }
        if let hint = fields.hint { text += "\nHINT: \(hint)" }
        if let statement = fields.statement { text += "\nSTATEMENT: \(statement)" }
        return text
    }
}
