/// A moment, in microseconds since 1970-01-01T00:00:00Z, as people and programs read it. Always in UTC: the reader's
/// zone is known to the browser only.
struct Timestamp: Sendable {
    let year: Int64
    let month: Int64
    let day: Int64
    private let millisecondOfDay: Int64

    private static let millisecondsInDay: Int64 = 24 * 60 * 60 * 1000

    init(microseconds: Int64) {
        let milliseconds = Self.floorDivide(microseconds, 1000)
        let days = Self.floorDivide(milliseconds, Self.millisecondsInDay)
        millisecondOfDay = milliseconds - days * Self.millisecondsInDay
        // The civil date of a day number, by counting from 0000-03-01 in eras of 400 years.
        let shifted = days + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// `2026-01-31T10:05:00.123Z` (RFC 3339), in ASCII.
    var iso8601: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(24)
        Self.append(year, 4, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(month, 2, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(day, 2, to: &text)
        text.append(UInt8(ascii: "T"))
        appendClock(to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(millisecondOfDay / 1000 % 60, 2, to: &text)
        text.append(UInt8(ascii: "."))
        Self.append(millisecondOfDay % 1000, 3, to: &text)
        text.append(UInt8(ascii: "Z"))
        return text
    }

    /// `10:05`, in ASCII.
    var clock: [UInt8] {
        var text: [UInt8] = []
        appendClock(to: &text)
        return text
    }

    private func appendClock(to text: inout [UInt8]) {
        Self.append(millisecondOfDay / 3_600_000, 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(millisecondOfDay / 60_000 % 60, 2, to: &text)
    }

    /// `31 Januari 2026`.
    var date: String { "\(day) \(Self.months[Int(month) - 1]) \(year)" }

    func isSameDay(as other: Timestamp) -> Bool { (year, month, day) == (other.year, other.month, other.day) }

    private static let months = [
        "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
        "Desember",
    ]

    /// The last `count` decimal digits of a number that is not negative.
    private static func append(_ value: Int64, _ count: Int, to text: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}
