import HTTP

extension ConnectionStateMachine {
    enum State: Hashable {
        /// A request is awaited or has come in part.
        case receiving(Progress)
        /// Nothing of a request has come, and the connection is about to be closed, unless something has come that nobody
        /// was told of yet.
        case probing
        /// The application answers a request. Whether its client lets the connection persist, and how many bytes have
        /// come behind it.
        case responding(clientPersists: Bool, bufferedBytes: Int)
        /// The head of a response is there, and of its content what has been made so far. Whether the connection persists
        /// after it, which the head has told.
        case respondingInPieces(persists: Bool, bufferedBytes: Int)
        /// The last response is there; what has come behind its request has yet to be dropped.
        case ending
        /// The last response is being sent.
        case sendingLast
        /// The last response is sent; what the client still sends is thrown away until it has seen it (RFC 9112 section
        /// 9.6).
        case lingering
        case closed
    }

    /// How far the next request has come.
    enum Progress: Hashable {
        /// Bytes have come that the parser has not looked at.
        case unparsed
        /// Nothing of it has come.
        case idle
        case head
        /// Whether the client has yet to be told to send the content (RFC 9110 section 10.1.1).
        case content(expectsContinue: Bool)
    }

    /// What there is to read. Readiness is told once only, so it is remembered.
    enum Input: Hashable {
        case drained
        case readable
        /// The end of the stream, or an error, is to be read: nothing more will be told.
        case ending
        case ended

        var mayBeRead: Bool { self == .readable || self == .ending }
    }

    /// Where output can go. That the socket has room again is told once only, too.
    enum Output: Hashable {
        case writable
        /// The client, and the kernel, take no more until they say so.
        case full
        /// What comes next is being read from the disk.
        case loading
    }

    /// What the connection is still good for; each is worse than those before it.
    enum Service: Hashable {
        case persistent
        /// The next response is the last.
        case oneMore
        /// There need not be a next response.
        case noMore
        /// There is no place for it: it is told so, and closed.
        case turnedAway
    }

    enum Turn: Hashable {
        /// How many steps are left of it.
        case ours(steps: Int)
        /// Others have theirs.
        case others
    }
}

extension ConnectionStateMachine.Progress {
    init(_ phase: HTTPRequestParser.Phase, expectsContinue: Bool) {
        switch phase {
        case .idle: self = .idle
        case .head: self = .head
        case .content: self = .content(expectsContinue: expectsContinue)
        }
    }
}
