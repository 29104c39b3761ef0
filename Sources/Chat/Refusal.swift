/// Why the chat does not do what somebody asks for: facts, which whoever speaks to people puts into words.
package enum Refusal: Error, Hashable, Sendable {
    /// There is no such session, or it is over.
    case notLoggedIn
    case notAMember
    case noSuchRoom
    /// Others were in the way for too long: nothing was done, and another attempt may succeed.
    case busy
    /// Nobody has the name that somebody wants to log in by.
    case noSuchAccount
    case usernameTaken
    case invalidUsername(Username.Problem)
    /// The name of the person whom somebody wants to have a dm with breaks a rule.
    case invalidOther(Username.Problem)
    /// Nobody is called what the second person of a dm was said to be.
    case noSuchPerson(String)
    case dmWithOneself
    /// Two are in it already.
    case dmIsFull
    case invalidRoomName(RoomName.Problem)
    case invalidContent(MessageContent.Problem)
    /// The sender has called another message the same: other words, of another room, or another answer.
    case clientIDIsUsed
    /// There is no such message in the room that could be answered.
    case noSuchQuote
    case noSuchMessage
    case notOnesOwn
    /// It was sent too long ago to be edited.
    case tooLateToEdit
    /// What is deleted cannot be edited any more.
    case isDeleted
}

/// A state that the program does not expect.
package struct InternalError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
