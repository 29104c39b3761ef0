import Testing

@testable import ChatWeb

struct PositiveIntegerTests {
    @Test(arguments: [("1", 1), ("007", 7), ("9223372036854775807", Int64.max)])
    func `digits are a number`(_ text: String, number: Int64) {
        #expect(PositiveInteger.parse(text) == number)
    }

    @Test(arguments: [
        "", "0", "00", "-1", "+3", "9223372036854775808", "99999999999999999999", "abc", "1a", " 1", "1.0", "१",
    ])
    func `anything else is none`(_ text: String) {
        #expect(PositiveInteger.parse(text) == nil)
    }
}
