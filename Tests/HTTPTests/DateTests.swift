import HTTP
import Testing

struct DateTests {
    @Test(arguments: [
        Row("the example of RFC 9110", Int64(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT"),
        Row("the epoch", 0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        Row("a second before", -1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        Row("leap day", 951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        Row("after 32 bits", 4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        Row("the last second", 253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        Row("the first second", -62_167_219_200, "Sat, 01 Jan 0000 00:00:00 GMT"),
    ])
    func `a date is written and read`(row: Row<Int64, String>) {
        let text: String = IMFFixdate.format(unixSeconds: row.input)
        let bytes: [UInt8] = IMFFixdate.format(unixSeconds: row.input)
        #expect(text == row.expected)
        #expect(bytes == Array(row.expected.utf8))
        #expect(IMFFixdate.parse(text) == row.input)
        #expect(IMFFixdate.parse(bytes) == row.input)
    }

    @Test func `a time beyond the years of four digits is moved inside`() {
        #expect(IMFFixdate.format(unixSeconds: .max) == "Fri, 31 Dec 9999 23:59:59 GMT")
        #expect(IMFFixdate.format(unixSeconds: .min) == "Sat, 01 Jan 0000 00:00:00 GMT")
    }

    @Test func `no day is too far off to be named`() {
        #expect(CivilDate(daysSince1970: .max).year > 700_000_000_000_000)
        #expect(CivilDate(daysSince1970: .min).year < -700_000_000_000_000)
    }

    @Test(arguments: [
        Row("RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", Int64(784_111_777) as Int64?),
        Row("asctime", "Sun Nov  6 08:49:37 1994", 784_111_777),
        Row("asctime with two digits", "Wed Nov 16 08:49:37 1994", 784_975_777),
        Row("leap second", "Sun, 06 Nov 1994 08:49:60 GMT", 784_111_800),
        Row("empty", "", nil),
        Row("small letters", "sun, 06 nov 1994 08:49:37 gmt", nil),
        Row("other zone", "Sun, 06 Nov 1994 08:49:37 UTC", nil),
        Row("no zone", "Sun, 06 Nov 1994 08:49:37", nil),
        Row("offset", "Sun, 06 Nov 1994 08:49:37 +0000", nil),
        Row("one digit", "Sun, 6 Nov 1994 08:49:37 GMT", nil),
        Row("hour 24", "Sun, 06 Nov 1994 24:00:00 GMT", nil),
        Row("minute 60", "Sun, 06 Nov 1994 08:60:37 GMT", nil),
        Row("second 61", "Sun, 06 Nov 1994 08:49:61 GMT", nil),
        Row("day 0", "Sun, 00 Nov 1994 08:49:37 GMT", nil),
        Row("31 November", "Sun, 31 Nov 1994 08:49:37 GMT", nil),
        Row("29 February of no leap year", "Tue, 29 Feb 1900 08:49:37 GMT", nil),
        Row("unknown month", "Sun, 06 Nox 1994 08:49:37 GMT", nil),
        Row("unknown day", "Sux, 06 Nov 1994 08:49:37 GMT", nil),
        Row("more after it", "Sun, 06 Nov 1994 08:49:37 GMT ", nil),
        Row("more before it", " Sun, 06 Nov 1994 08:49:37 GMT", nil),
        Row("signed year", "Sun, 06 Nov +994 08:49:37 GMT", nil),
        Row("ISO 8601", "1994-11-06T08:49:37Z", nil),
        Row("short day in RFC 850", "Sun, 06-Nov-94 08:49:37 GMT", nil),
        Row("unknown long day", "Someday, 06-Nov-94 08:49:37 GMT", nil),
        Row("asctime with a zone", "Sun Nov  6 08:49:37 1994 GMT", nil),
    ])
    func `all three forms are read and nothing else`(row: Row<String, Int64?>) {
        #expect(IMFFixdate.parse(row.input) == row.expected)
    }

    @Test func `a year of two digits is at most 50 years ahead`() {
        func year(_ digits: String, in now: String) -> String? {
            let date = IMFFixdate.parse("Sunday, 06-Nov-\(digits) 08:49:37 GMT", now: IMFFixdate.parse(now))
            return date.map { String((IMFFixdate.format(unixSeconds: $0) as String).dropFirst(12).prefix(4)) }
        }
        let now = "Sun, 06 Nov 2024 00:00:00 GMT"
        #expect(year("24", in: now) == "2024")
        #expect(year("74", in: now) == "2074")
        #expect(year("75", in: now) == "1975")
        #expect(year("10", in: "Sun, 06 Nov 2090 00:00:00 GMT") == "2110")
        #expect(IMFFixdate.parse("Thursday, 01-Jan-70 00:00:00 GMT") == 0)
        #expect(IMFFixdate.parse("Tuesday, 01-Jan-69 00:00:00 GMT") == 3_124_224_000)
    }
}
