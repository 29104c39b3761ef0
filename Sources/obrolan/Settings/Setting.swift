import ArgumentParser

/// A setting: its name, default, unit, range and words. The option, the variable, the help and what is said of a value that
/// makes no sense follow from it.
struct Setting<Value: Sendable>: AnySetting {
    /// As the option has it, without the dashes.
    let name: String
    let variable: String
    /// What it is when nobody says anything.
    let standard: Value
    let shownStandard: String
    let words: String
    /// What a value must be, for whoever has given another.
    let expected: String
    /// Nil for a value that makes no sense.
    let read: @Sendable (String) -> Value?
}

/// What is to be said of a setting, whatever its type.
protocol AnySetting: Sendable {
    var name: String { get }
    var variable: String { get }
    var shownStandard: String { get }
    var words: String { get }
}

extension AnySetting {
    var help: ArgumentHelp { ArgumentHelp("\(words) (default: \(shownStandard)) [\(variable)]") }
}

extension Option where Value == String? {
    /// The option of a setting.
    init(_ setting: some AnySetting) { self.init(name: .customLong(setting.name), help: setting.help) }
}

// MARK: Kinds

extension Setting {
    /// Words of any kind.
    static func text(
        _ name: String, variable: String? = nil, default standard: String, _ words: String
    ) -> Setting<String> {
        Setting<String>(
            name: name, variable: variable ?? Self.variable(name), standard: standard, shownStandard: standard,
            words: words, expected: "words"
        ) { $0 }
    }

    /// Words that may be absent; `shown` says what is then.
    static func optionalText(
        _ name: String, variable: String? = nil, default shown: String, _ words: String
    ) -> Setting<String?> {
        Setting<String?>(
            name: name, variable: variable ?? Self.variable(name), standard: nil, shownStandard: shown, words: words,
            expected: "words"
        ) { $0 }
    }

    /// A number in decimal digits.
    static func number(_ name: String, default standard: Int, in range: ClosedRange<Int>, _ words: String) -> Setting<
        Int
    > {
        Setting<Int>(
            name: name, variable: Self.variable(name), standard: standard, shownStandard: "\(standard)", words: words,
            expected: "a number from \(range.lowerBound) to \(range.upperBound)"
        ) { Self.number($0, in: range) }
    }

    /// A number that may be absent; `shown` says what is then.
    static func optionalNumber(
        _ name: String, default shown: String, in range: ClosedRange<Int>, _ words: String
    ) -> Setting<Int?> {
        Setting<Int?>(
            name: name, variable: Self.variable(name), standard: nil, shownStandard: shown, words: words,
            expected: "a number from \(range.lowerBound) to \(range.upperBound)"
        ) { text in Self.number(text, in: range).map { $0 } }
    }

    /// A time in whole seconds, up to a day.
    static func seconds(
        _ name: String, default standard: Duration, atLeast least: Int = 1, _ words: String
    ) -> Setting<Duration> {
        let range = least...86_400
        return Setting<Duration>(
            name: name, variable: Self.variable(name), standard: standard,
            shownStandard: "\(standard.components.seconds)", words: words,
            expected: "a number from \(range.lowerBound) to \(range.upperBound)"
        ) { text in Self.number(text, in: range).map { .seconds($0) } }
    }

    /// A time in minutes, with decimals or without, up to a year.
    static func minutes(_ name: String, default standard: Duration, _ words: String) -> Setting<Duration> {
        let most = 525_600
        return Setting<Duration>(
            name: name, variable: Self.variable(name), standard: standard,
            shownStandard: "\(standard.components.seconds / 60)", words: words,
            expected: "a number of minutes from 0 to \(most), such as 15 or 0.5"
        ) { text in
            // Double(_:) takes signs, exponents and words, too.
            guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: ".") }),
                let minutes = Double(text), minutes <= Double(most)
            else { return nil }
            return .seconds(minutes * 60)
        }
    }

    /// `yes` or `no`.
    static func flag(_ name: String, _ words: String) -> Setting<Bool> {
        Setting<Bool>(
            name: name, variable: Self.variable(name), standard: false, shownStandard: "no", words: words,
            expected: "yes or no"
        ) { ["yes": true, "true": true, "1": true, "no": false, "false": false, "0": false][$0] }
    }

    /// Several values with commas between them, none by default.
    static func list<Item: Sendable>(
        _ name: String, of expected: String, _ words: String, _ read: @escaping @Sendable (String) -> Item?
    ) -> Setting<[Item]> {
        Setting<[Item]>(
            name: name, variable: Self.variable(name), standard: [], shownStandard: "none", words: words,
            expected: expected
        ) { text in
            let items = text.split(separator: ",").map { part in read(String(part.filter { !$0.isWhitespace })) }
            let good = items.compactMap { $0 }
            return good.count == items.count ? good : nil
        }
    }

    /// What a setting's variable is called, unless others have named it.
    private static func variable(_ name: String) -> String {
        "OBROLAN_" + name.uppercased().replacing("-", with: "_")
    }

    private static func number(_ text: String, in range: ClosedRange<Int>) -> Int? {
        // Int(_:) takes a sign, too.
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let value = Int(text),
            range.contains(value)
        else { return nil }
        return value
    }
}
