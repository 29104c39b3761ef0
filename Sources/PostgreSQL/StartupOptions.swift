/// The command-line options that a session begins with (libpq, `options`).
enum StartupOptions {
    /// A setting as one option: what separates options in its value is escaped (`pg_split_opts` in `postinit.c`).
    static func option(_ name: String, _ value: String) -> String {
        var text = "-c \(name)="
        for character in value.unicodeScalars {
            if character == "\\" || character.properties.isWhitespace { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(character)
        }
        return text
    }

    /// Whether `options` have a value for the setting, as `-c name=value`, `-cname=value` or `--name=value`, where the
    /// name may be in capitals and have `-` for `_` (`ParseLongOption` in `guc.c`).
    static func choose(_ setting: String, in options: String) -> Bool {
        var isNext = false
        for option in split(options) {
            let assignment: Substring
            if isNext {
                assignment = option[...]
                isNext = false
            } else if option == "-c" {
                isNext = true
                continue
            } else if option.hasPrefix("--") || option.hasPrefix("-c") {
                assignment = option.dropFirst(2)
            } else {
                continue
            }
            let name = assignment.prefix { $0 != "=" }.lowercased()
            if String(name.map { $0 == "-" ? "_" : $0 }) == setting { return true }
        }
        return false
    }

    private static func split(_ options: String) -> [String] {
        var parts: [String] = []
        var part = String.UnicodeScalarView()
        var isEscaped = false
        for character in options.unicodeScalars {
            if !isEscaped && character == "\\" {
                isEscaped = true
                continue
            }
            if !isEscaped && character.properties.isWhitespace {
                if !part.isEmpty { parts.append(String(part)) }
                part = String.UnicodeScalarView()
            } else {
                part.append(character)
            }
            isEscaped = false
        }
        if !part.isEmpty { parts.append(String(part)) }
        return parts
    }
}
