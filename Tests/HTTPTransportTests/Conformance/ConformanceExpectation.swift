/// What must come back for a row: the answers in order, and what becomes of the connection.
struct ConformanceExpectation: Sendable {
    /// One final response.
    struct Answer: Sendable {
        var status: Int
        /// What the content must be; nil when it may be anything.
        var content: String?
        /// Whether it answers HEAD: Content-Length speaks of `content`, which does not follow.
        var isForHead = false
        /// Fields that must be there with this value, by their names in small letters.
        var needed: [String: String] = [:]
        /// Fields that must not be there, in small letters.
        var forbidden: [String] = []

        /// 200 with the responder's echo.
        static func ok(_ content: String, _ needed: [String: String] = [:]) -> Answer {
            Answer(status: 200, content: content, needed: needed)
        }

        static func status(
            _ status: Int, _ needed: [String: String] = [:], lacks forbidden: [String] = [], content: String? = nil
        ) -> Answer {
            Answer(status: status, content: content, needed: needed, forbidden: forbidden)
        }

        /// The answer to HEAD of what GET answers with `content`.
        static func head(_ content: String, status: Int = 200, _ needed: [String: String] = [:]) -> Answer {
            Answer(status: status, content: content, isForHead: true, needed: needed)
        }
    }

    enum Ending: Sendable {
        /// The connection persists: a further request on it is answered.
        case persists
        /// The last answer says `Connection: close`, then the stream ends; a further request is not answered.
        case closes
        /// The client ends its side after the bytes; the stream ends after the answers.
        case clientEnds
    }

    /// Whether 100 (Continue) comes before the first answer.
    enum Continuation: Sendable {
        case never
        /// It may, depending on whether the server has seen content when it comes to the end of the head.
        case possible
        /// It must come for the bytes of the row; only then these are sent.
        case awaited(content: String)
    }

    var answers: [Answer]
    var ending: Ending
    var continuation = Continuation.never

    /// 200 with this echo, and the connection persists.
    static func answered(_ content: String) -> Self { responses([.ok(content)]) }

    /// 200 with this echo, and the connection is closed.
    static func answeredLast(_ content: String) -> Self { responses([.ok(content)], then: .closes) }

    /// This error, and the connection is closed.
    static func refused(_ status: Int) -> Self { responses([.status(status)], then: .closes) }

    static func responses(_ answers: [Answer], then ending: Ending = .persists) -> Self {
        Self(answers: answers, ending: ending)
    }

    /// The client ends its side and gets these answers, as far as its requests were whole.
    static func ended(_ answers: [Answer]) -> Self { responses(answers, then: .clientEnds) }

    /// The client ends its side and gets no answer.
    static let closed = ended([])

    /// 100 (Continue), for which the client waits before it sends `content`; then 200 with this echo.
    static func continued(sending content: String, _ echo: String) -> Self {
        Self(answers: [.ok(echo)], ending: .persists, continuation: .awaited(content: content))
    }

    /// 100 (Continue) or not, then 200 with this echo.
    static func perhapsContinued(_ echo: String) -> Self {
        Self(answers: [.ok(echo)], ending: .persists, continuation: .possible)
    }
}
