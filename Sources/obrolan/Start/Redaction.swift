/// Takes the password of a connection string out of what is written: libpq quotes parts of a string that it does not
/// understand.
struct Redaction: Sendable {
    private let secrets: [String]

    /// From this length on a secret is taken out wherever it stands; a shorter one only as a word, for it may be a part of any.
    private static let distinctLength = 8

    /// - Parameters:
    ///   - connectionString: a URI or keyword string, also a malformed one.
    ///   - passwords: further ones, such as PGPASSWORD's.
    init(connectionString: String?, passwords: [String] = []) {
        var secrets = passwords
        if let string = connectionString {
            if let scheme = string.firstRange(of: "://") {
                secrets += Self.secrets(ofURI: string[scheme.upperBound...])
            } else {
                secrets += Self.secrets(ofKeywords: string)
            }
        }
        secrets += secrets.compactMap(Self.percentDecoded)
        // The longest first: one may be a part of another.
        self.secrets = Set(secrets.filter { !$0.isEmpty }).sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }

    func callAsFunction(_ text: String) -> String {
        var text = text
        for secret in secrets where text.contains(secret) { text = Self.replace(secret, in: text) }
        return text
    }

    private static func replace(_ secret: String, in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: secret) {
            let before = range.lowerBound > text.startIndex ? text[text.index(before: range.lowerBound)] : " "
            let after = range.upperBound < text.endIndex ? text[range.upperBound] : " "
            let isWord = !(before.isLetter || before.isNumber || after.isLetter || after.isNumber)
            result += rest[..<range.lowerBound]
            result += isWord || secret.utf8.count >= distinctLength ? "***" : secret
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    // MARK: Finding

    /// `user:password@host/database?keyword=value&…`
    private static func secrets(ofURI text: Substring) -> [String] {
        var secrets: [String] = []
        let authority = text.prefix { !"/?#".contains($0) }
        if let at = authority.lastIndex(of: "@") {
            if let colon = authority[..<at].firstIndex(of: ":") {
                secrets.append(String(authority[..<at][colon...].dropFirst()))
            }
        } else if let at = text.lastIndex(of: "@"), let colon = text[..<at].firstIndex(of: ":") {
            // A password with a character that should have been encoded: libpq sees a host, a port and a path in it.
            let password = text[..<at][colon...].dropFirst()
            secrets.append(String(password))
            secrets += password.split { "/?#&=:@".contains($0) }.map(String.init)
        }
        if let query = text.firstIndex(of: "?") {
            for parameter in text[query...].dropFirst().split(separator: "&") {
                let parts = parameter.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0].lowercased().hasSuffix("password") { secrets.append(String(parts[1])) }
            }
        }
        return secrets
    }

    /// `host=… password='…'`, by the rules of libpq ("Keyword/Value Connection Strings").
    private static func secrets(ofKeywords text: String) -> [String] {
        var secrets: [String] = []
        var rest = text[...]
        while let key = rest.firstRange(of: "password") {
            rest = rest[key.upperBound...].drop(while: \.isWhitespace)
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst().drop(while: \.isWhitespace)
            let isQuoted = rest.first == "'"
            if isQuoted { rest = rest.dropFirst() }
            let begin = rest.startIndex
            var value = ""
            while let character = rest.first {
                if isQuoted ? character == "'" : character.isWhitespace { break }
                rest = rest.dropFirst()
                if character == "\\", let escaped = rest.first {
                    rest = rest.dropFirst()
                    value.append(escaped)
                } else {
                    value.append(character)
                }
            }
            secrets += [value, String(text[begin..<rest.startIndex])]
            // Words that belong to no keyword are the rest of a password that should have been quoted.
            let next = rest.dropFirst().split(whereSeparator: \.isWhitespace)
            secrets += next.prefix { !$0.contains("=") }.map(String.init)
        }
        return secrets
    }

    private static func percentDecoded(_ text: String) -> String? {
        guard text.contains("%") else { return nil }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
