import HTTP

/// A moment, in microseconds since 1970-01-01T00:00:00Z, as people and programs read it. Always in UTC: the reader's
/// zone is known to the browser only.
///
/// A moment that RFC 3339 cannot write, of a year that is not one of 1 to 9999, is the nearest that it can: PostgreSQL
/// keeps years from 4713 BC to 294276, and whoever else writes to the database may use them.
struct Timestamp: Sendable {
    private let daysSince1970: Int64
    private let millisecondOfDay: Int64

    init(microseconds: Int64) {
        let microseconds = min(max(microseconds, Self.first), Self.last)
        let milliseconds = microseconds.quotientAndRemainder(flooredBy: 1000).quotient
        (daysSince1970, millisecondOfDay) = milliseconds.quotientAndRemainder(flooredBy: 24 * 60 * 60 * 1000)
    }

    private var day: CivilDate { CivilDate(daysSince1970: daysSince1970) }

    /// The first microsecond of the year 1, and the last of the year 9999.
    private static let (first, last): (Int64, Int64) = (-62_135_596_800_000_000, 253_402_300_799_999_999)

    /// `2026-01-31T10:05:00.123Z` (RFC 3339), in ASCII.
    var iso8601: [UInt8] {
        let day = day
        let second = millisecondOfDay / 1000
        let millisecond = millisecondOfDay % 1000
        return Array(unsafeUninitializedCapacity: 24) { text, count in
            var text = DigitWriter(text)
            text.twoDigits(day.year / 100 % 100)
            text.twoDigits(day.year % 100)
            text.sign("-")
            text.twoDigits(day.month)
            text.sign("-")
            text.twoDigits(day.day)
            text.sign("T")
            text.twoDigits(second / 3600)
            text.sign(":")
            text.twoDigits(second / 60 % 60)
            text.sign(":")
            text.twoDigits(second % 60)
            text.sign(".")
            text.digit(millisecond / 100)
            text.twoDigits(millisecond % 100)
            text.sign("Z")
            count = text.count
        }
    }

    /// `10:05`, in ASCII.
    var clock: [UInt8] {
        let minute = millisecondOfDay / 60_000
        return Array(unsafeUninitializedCapacity: 5) { text, count in
            var text = DigitWriter(text)
            text.twoDigits(minute / 60)
            text.sign(":")
            text.twoDigits(minute % 60)
            count = text.count
        }
    }

    /// `2026-01-31 10:05`.
    var minute: String {
        let text = iso8601
        return String(decoding: text[..<10] + [UInt8(ascii: " ")] + text[11..<16], as: UTF8.self)
    }

    /// `31 Januari 2026`.
    var date: String {
        let day = day
        return "\(day.day) \(Self.months[Int(day.month) - 1]) \(day.year)"
    }

    func isSameDay(as other: Timestamp) -> Bool { daysSince1970 == other.daysSince1970 }

    private static let months = [
        "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
        "Desember",
    ]
}

/// Writes decimal digits one after the other into memory that has room for them.
private struct DigitWriter {
    private let text: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ text: UnsafeMutableBufferPointer<UInt8>) { self.text = text }

    mutating func sign(_ sign: Unicode.Scalar) {
        text[count] = UInt8(truncatingIfNeeded: sign.value)
        count += 1
    }

    mutating func digit(_ value: Int64) {
        text[count] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value)
        count += 1
    }

    mutating func twoDigits(_ value: Int64) {
        digit(value / 10)
        digit(value % 10)
    }
}
