/// What the rules of the chat allow. The ones that tell of stored text stand in `schema.sql` as constraints too.
package enum ChatLimits {
    /// Code points in a user name. 32.
    package static let maxUsernameLength = 32
    /// Code points in a room's name. 64.
    package static let maxRoomNameLength = 64
    /// Members of a room without a name that is called after the first of them: of more, three names tell
    /// nothing. 100.
    static let maxNamedMembers = 100
    /// Code points in a message. 4,000.
    package static let maxContentLength = 4_000
    /// Code points of a message that a reply to it quotes. 100.
    static let quotedLength = 100
    /// How long after it was sent a message may be edited, when the machine's owner does not say. 15 minutes.
    package static let editWindow: Duration = .seconds(15 * 60)
    /// Messages in one answer when the client does not say. 50.
    package static let defaultPageSize: Int64 = 50
    /// Messages in one answer at most. 200.
    package static let maxPageSize: Int64 = 200
    /// Seconds that a request for news may be held. 30.
    package static let maxWait: Int64 = 30
    /// Seconds for which the room page has its requests held: less than what some proxies take for a server that hangs.
    /// 25.
    package static let holdOfPages: Int64 = 25
    /// Days that a session lasts; `schema.sql` has the same. 30.
    package static let sessionDays = 30
    /// How many messages are stored by one transaction at most. 64.
    static let maxBatch = 64
    /// How long a message is tried again whose room, or sender, somebody else is at: then the sender is told so. 1.5 s.
    static let patienceOfSends: Duration = .milliseconds(1_500)
    /// How long a message waits to be part of a transaction, while another one takes long: then the sender is told that the
    /// server is busy. 4 s.
    static let longestQueueOfSends: Duration = .seconds(4)
    /// How long it is rested before such messages are tried again by themselves: at first, and at most. Each time it is
    /// twice as long.
    static let restOfSends: (first: Duration, longest: Duration) = (.milliseconds(1), .milliseconds(32))
    /// How many messages of a deleted account lose their sender by one transaction. 1,000.
    static let clearedAtOnce = 1_000
    /// How many times as long as such a transaction took it is rested after it, and how long at least.
    static let restOfClearing = 3
    static let shortestRestOfClearing: Duration = .milliseconds(20)
    /// How long it is rested when such a transaction has failed.
    static let restOfFailedClearing: Duration = .seconds(1)
    /// How often it is asked whether there are deleted accounts that nobody has told of.
    static let restBetweenClearings: Duration = .seconds(60)
    /// How often it is asked what held requests have missed while news from other processes cannot come.
    static let roundWithoutNews: Duration = .seconds(2)
    /// The same while they can: a process may die between a commit and telling of it.
    static let roundWithNews: Duration = .seconds(10)
    /// How long telling the other processes rests when it has failed.
    static let restBeforeRetelling: Duration = .milliseconds(500)
}
