internal import CLibpq

/// What is wrong with a connection string, in a sentence that quotes nothing of it: any part may be the password's.
public struct PostgresConnectionStringError: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String
}

/// A connection string that libpq understands, by PQconninfoParse.
struct ConnectionString {
    private let values: [String: String]

    /// - Throws: `PostgresConnectionStringError` for what libpq cannot parse, for a port that is none, and for a URI in
    ///   which a part of the user's name or password would be taken for a host, a port or a database.
    init(_ text: String) throws(PostgresConnectionStringError) {
        guard !text.utf8.contains(0) else { throw Self.malformed("it holds a NUL byte") }
        if let authority = Self.afterScheme(text) { try Self.checkUserInformation(authority) }
        var message: UnsafeMutablePointer<CChar>?
        guard let parsed = PQconninfoParse(text, &message) else {
            defer { PQfreemem(message) }
            throw Self.malformed(Self.reason(message.map { String(cString: $0) } ?? ""))
        }
        defer { PQconninfoFree(parsed) }
        var values: [String: String] = [:]
        var entry = parsed
        while let name = entry.pointee.keyword {
            if let value = entry.pointee.val { values[String(cString: name)] = String(cString: value) }
            entry += 1
        }
        self.values = values
        for port in self["port"].split(separator: ",") where !(1...65535).contains(Int(port) ?? 0) {
            throw Self.malformed("a port is not a number from 1 to 65535")
        }
    }

    /// The value of a keyword, empty when the string has none.
    subscript(keyword: String) -> String { values[keyword] ?? "" }

    /// The same, else what libpq's environment variables say.
    func valueOrDefault(of keyword: String) -> String {
        if let value = values[keyword] { return value }
        // A service's file may name hosts, which libpq then finds by itself.
        guard values["service"] == nil, let defaults = PQconndefaults() else { return "" }
        defer { PQconninfoFree(defaults) }
        var entry = defaults
        while let name = entry.pointee.keyword {
            if String(cString: name) == keyword { return entry.pointee.val.map { String(cString: $0) } ?? "" }
            entry += 1
        }
        return ""
    }

    // MARK: What is wrong

    private static func malformed(_ reason: String) -> PostgresConnectionStringError {
        PostgresConnectionStringError(description: "The database's connection string is malformed: \(reason).")
    }

    private static func afterScheme(_ text: String) -> Substring? {
        for scheme in ["postgresql://", "postgres://"] where text.hasPrefix(scheme) {
            return text.dropFirst(scheme.count)
        }
        return nil
    }

    /// libpq ends the user's part at the first `@` or `/`: one that is not encoded in a password makes its rest a host
    /// or a database, whose name messages would show.
    private static func checkUserInformation(_ rest: Substring) throws(PostgresConnectionStringError) {
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count).prefix { $0 != "?" }
        let isAmbiguous = authority.count { $0 == "@" } > 1 || path.contains("@")
        if isAmbiguous {
            throw malformed("@ and / in a name or a password must be written as %40 and %2F")
        }
    }

    /// libpq's messages quote the string; of those that it has in English, what each is about.
    private static func reason(_ message: String) -> String {
        let reasons = [
            ("missing \"=\" after", "a keyword has no \"=\" and value; a value with spaces needs single quotes"),
            ("unterminated quoted string", "a quote is not closed"),
            ("invalid connection option", "it has a keyword that libpq does not know"),
            ("invalid URI query parameter", "it has a parameter that libpq does not know"),
            ("invalid percent-encoded token", "a % is not followed by two hexadecimal digits"),
            ("forbidden value %00", "it has %00"),
            ("end of string reached when looking for matching \"]\"", "an IPv6 address has no closing bracket"),
            ("IPv6 host address may not be empty", "an IPv6 address is empty"),
            ("extra key/value separator", "a parameter has more than one \"=\""),
            ("missing key/value separator", "a parameter has no \"=\""),
            ("unexpected character", "something stands behind an IPv6 address that is neither a port nor a path"),
        ]
        return reasons.first { message.hasPrefix($0.0) }?.1 ?? "libpq does not understand it"
    }
}
