import HTTP
import Testing

@testable import Chat
@testable import ChatWeb

struct RefusalTests {
    static let all: [Refusal] = [
        .notLoggedIn, .notAMember, .noSuchRoom, .busy, .noSuchAccount, .usernameTaken, .invalidUsername(.empty),
        .invalidUsername(.characters), .invalidUsername(.tooLong), .invalidUsername(.reserved), .invalidOther(.empty),
        .noSuchPerson("budi"), .dmWithOneself, .dmIsFull, .invalidRoomName(.tooLong), .invalidRoomName(.controls),
        .invalidRoomName(.unseen), .invalidRoomName(.ignorable), .invalidContent(.tooLong(4_001)),
        .invalidContent(.blank),
    ]

    @Test(arguments: all) func `a refusal is an error of the client or a busy server, in a sentence`(_ refusal: Refusal)
    {
        let answer = refusal.answer
        #expect(answer.sentence.hasSuffix("."))
        #expect((400..<500).contains(answer.status.code) || refusal == .busy)
    }
}
