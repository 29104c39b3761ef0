/// Dates as fields carry them (RFC 9110 section 5.6.7), as whole seconds since 1970-01-01T00:00:00Z.
public enum IMFFixdate {
    private static let dayNames: StaticString = "SunMonTueWedThuFriSat"
    private static let monthNames: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

    /// The 29 bytes of a date such as `Sun, 06 Nov 1994 08:49:37 GMT`. A time outside the years 0 to 9999 is moved to
    /// the nearest one inside.
    public static func format(unixSeconds: Int64) -> [UInt8] {
        let seconds = min(max(unixSeconds, -62_167_219_200), 253_402_300_799)
        let (days, secondOfDay) = seconds.quotientAndRemainder(flooredBy: 86_400)
        let date = CivilDate(daysSince1970: days)
        var out: [UInt8] = []
        out.reserveCapacity(29)
        append(dayNames, (days + 4).quotientAndRemainder(flooredBy: 7).remainder, to: &out)
        out.append(.comma)
        out.append(.space)
        appendTwoDigits(date.day, to: &out)
        out.append(.space)
        append(monthNames, date.month - 1, to: &out)
        out.append(.space)
        appendTwoDigits(date.year / 100, to: &out)
        appendTwoDigits(date.year % 100, to: &out)
        out.append(.space)
        appendTwoDigits(secondOfDay / 3600, to: &out)
        out.append(.colon)
        appendTwoDigits(secondOfDay / 60 % 60, to: &out)
        out.append(.colon)
        appendTwoDigits(secondOfDay % 60, to: &out)
        out.append(contentsOf: " GMT".utf8)
        return out
    }

    /// The same date as a string.
    public static func format(unixSeconds: Int64) -> String {
        String(decoding: format(unixSeconds: unixSeconds) as [UInt8], as: UTF8.self)
    }

    /// Reads any of the three forms: IMF-fixdate, and the obsolete ones of RFC 850 and asctime. Nil when the value is
    /// none of them or the day does not exist.
    ///
    /// - Parameter now: the time against which a year of two digits is read: one that would be more than 50 years ahead
    ///   is in the past. Without it, 70 to 99 are the years 1970 to 1999.
    public static func parse(_ value: String, now: Int64? = nil) -> Int64? {
        parse(Array(value.utf8), now: now)
    }

    /// Reads the bytes of a field value.
    public static func parse(_ value: some Collection<UInt8>, now: Int64? = nil) -> Int64? {
        var scanner = DateScanner(bytes: Array(value))
        guard let comma = scanner.bytes.firstIndex(of: .comma) else { return scanner.asctime() }
        return comma == 3 ? scanner.fixdate() : scanner.rfc850(now: now)
    }

    private static func append(_ names: StaticString, _ index: Int64, to out: inout [UInt8]) {
        out.append(contentsOf: UnsafeBufferPointer(start: names.utf8Start + Int(index) * 3, count: 3))
    }

    private static func appendTwoDigits(_ value: Int64, to out: inout [UInt8]) {
        out.append(.zero + UInt8(value / 10))
        out.append(.zero + UInt8(value % 10))
    }

    private struct DateScanner {
        let bytes: [UInt8]
        var index = 0

        mutating func fixdate() -> Int64? {
            guard name(dayNames) != nil, literal(", "), let day = number(2), literal(" "),
                let month = name(monthNames), literal(" "), let year = number(4), literal(" "), let time = time(),
                literal(" GMT"), index == bytes.count
            else { return nil }
            return seconds(year, month + 1, day, time)
        }

        mutating func rfc850(now: Int64?) -> Int64? {
            guard longDayName(), literal(", "), let day = number(2), literal("-"), let month = name(monthNames),
                literal("-"), let shortYear = number(2), literal(" "), let time = time(), literal(" GMT"),
                index == bytes.count
            else { return nil }
            guard let now else { return seconds(shortYear + (shortYear < 70 ? 2000 : 1900), month + 1, day, time) }
            let thisYear = CivilDate(daysSince1970: now.quotientAndRemainder(flooredBy: 86_400).quotient).year
            var year = thisYear - thisYear % 100 + shortYear
            if year > thisYear + 50 { year -= 100 }
            if year <= thisYear - 50 { year += 100 }
            return seconds(year, month + 1, day, time)
        }

        mutating func asctime() -> Int64? {
            guard name(dayNames) != nil, literal(" "), let month = name(monthNames), literal(" "),
                let day = literal(" ") ? number(1) : number(2), literal(" "), let time = time(), literal(" "),
                let year = number(4), index == bytes.count
            else { return nil }
            return seconds(year, month + 1, day, time)
        }

        private func seconds(_ year: Int64, _ month: Int64, _ day: Int64, _ time: Int64) -> Int64? {
            CivilDate.daysSince1970(year: year, month: month, day: day).map { $0 * 86_400 + time }
        }

        private mutating func time() -> Int64? {
            guard let hour = number(2), literal(":"), let minute = number(2), literal(":"), let second = number(2),
                hour < 24, minute < 60, second <= 60
            else { return nil }
            return hour * 3600 + minute * 60 + second
        }

        private mutating func number(_ digits: Int) -> Int64? {
            guard index + digits <= bytes.count else { return nil }
            defer { index += digits }
            return bytes[index..<(index + digits)].decimal()
        }

        private mutating func literal(_ text: StaticString) -> Bool {
            let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            guard bytes[index...].starts(with: expected) else { return false }
            index += expected.count
            return true
        }

        /// The position of a name of three letters in `names`.
        private mutating func name(_ names: StaticString) -> Int64? {
            guard index + 3 <= bytes.count else { return nil }
            for position in 0..<(names.utf8CodeUnitCount / 3) {
                let candidate = UnsafeBufferPointer(start: names.utf8Start + position * 3, count: 3)
                if bytes[index..<(index + 3)].elementsEqual(candidate) {
                    index += 3
                    return Int64(position)
                }
            }
            return nil
        }

        private mutating func longDayName() -> Bool {
            literal("Sunday") || literal("Monday") || literal("Tuesday") || literal("Wednesday")
                || literal("Thursday") || literal("Friday") || literal("Saturday")
        }
    }
}
