import Testing

@testable import ChatWeb

struct TimestampTests {
    struct Row: CustomTestStringConvertible {
        let testDescription: String
        let microseconds: Int64
        let iso: String
        let clock: String
        let date: String

        init(_ name: String, _ microseconds: Int64, _ iso: String, _ clock: String, _ date: String) {
            (testDescription, self.microseconds, self.iso, self.clock, self.date) = (
                name, microseconds, iso, clock, date
            )
        }
    }

    static let rows = [
        Row("the epoch", 0, "1970-01-01T00:00:00.000Z", "00:00", "1 Januari 1970"),
        Row("the contract's example", 1_769_853_900_123_000, "2026-01-31T10:05:00.123Z", "10:05", "31 Januari 2026"),
        Row("microseconds are cut", 1_769_853_900_123_999, "2026-01-31T10:05:00.123Z", "10:05", "31 Januari 2026"),
        Row("just before the epoch", -1, "1969-12-31T23:59:59.999Z", "23:59", "31 Desember 1969"),
        Row(
            "29 February of a leap year", 1_709_210_096_789_000, "2024-02-29T12:34:56.789Z", "12:34", "29 Februari 2024"
        ),
        Row(
            "29 February of a leap century", 951_782_400_000_000, "2000-02-29T00:00:00.000Z", "00:00",
            "29 Februari 2000"),
        Row("1 March of a leap century", 951_868_800_000_000, "2000-03-01T00:00:00.000Z", "00:00", "1 Maret 2000"),
        Row(
            "no leap century, 28 February", -2_203_977_600_000_000, "1900-02-28T00:00:00.000Z", "00:00",
            "28 Februari 1900"),
        Row("no leap century, 1 March", -2_203_891_200_000_000, "1900-03-01T00:00:00.000Z", "00:00", "1 Maret 1900"),
        Row("a later one, 1 March", 4_107_542_400_000_000, "2100-03-01T00:00:00.000Z", "00:00", "1 Maret 2100"),
        Row("the end of a leap year", 1_735_603_200_000_000, "2024-12-31T00:00:00.000Z", "00:00", "31 Desember 2024"),
        Row("the end of 9999", 253_402_300_799_999_999, "9999-12-31T23:59:59.999Z", "23:59", "31 Desember 9999"),
        Row("29 February 1600", -11_670_998_400_000_000, "1600-02-29T00:00:00.000Z", "00:00", "29 Februari 1600"),
        Row("the year 12026", 317_334_283_500_000_000, "9999-12-31T23:59:59.999Z", "23:59", "31 Desember 9999"),
        Row("the end of numbers", .max, "9999-12-31T23:59:59.999Z", "23:59", "31 Desember 9999"),
        Row("before Christ", -210_866_803_200_000_000, "0001-01-01T00:00:00.000Z", "00:00", "1 Januari 1"),
        Row("the beginning of numbers", .min, "0001-01-01T00:00:00.000Z", "00:00", "1 Januari 1"),
        Row("the first day of all", -62_135_596_800_000_000, "0001-01-01T00:00:00.000Z", "00:00", "1 Januari 1"),
    ]

    @Test(arguments: rows) func `a moment is written as its date and time in UTC`(_ row: Row) {
        let time = Timestamp(microseconds: row.microseconds)
        #expect(String(decoding: time.iso8601, as: UTF8.self) == row.iso)
        #expect(String(decoding: time.clock, as: UTF8.self) == row.clock)
        #expect(time.date == row.date)
    }

    @Test func `a day ends at midnight in UTC`() {
        let day: Int64 = 86_400_000_000
        let morning = Timestamp(microseconds: day)
        #expect(morning.isSameDay(as: Timestamp(microseconds: 2 * day - 1)))
        #expect(!morning.isSameDay(as: Timestamp(microseconds: 2 * day)))
        #expect(!morning.isSameDay(as: Timestamp(microseconds: day - 1)))
        #expect(!morning.isSameDay(as: Timestamp(microseconds: day + 365 * day)), "a year later is another day")
    }
}
