import HTTP
import NonblockingIO

extension ConnectionStateMachine {
    /// What can happen to a connection.
    enum Event: Hashable {
        /// It is there.
        case accepted
        /// What was to be done is done, and there is nothing to tell about it.
        case performed

        // Of the socket.
        case ready(Readiness)
        /// So many bytes have been read; whether they were fewer than there was room for.
        case received(Int, isShort: Bool)
        case nothingToRead
        case endOfInput
        /// So many bytes have been taken by the socket, perhaps 0, and what became of the rest.
        case wrote(Int, WriteOutcome)
        /// The part of a file that was awaited has been read from the disk.
        case loaded
        /// An operation has failed: the client has reset the connection, or cannot be reached.
        case failed

        // Of the exchange.
        /// There is no whole request in what has come.
        case incomplete(HTTPRequestParser.Phase, expectsContinue: Bool)
        /// The application has the request, and its response will be there later.
        case responseIsAwaited
        /// There is something to send: how much there is in all, and whether nothing can be added to it.
        case queued(pendingBytes: Int, isSealed: Bool)

        // Of the loop and the server.
        /// Others have had their turn.
        case turn
        case timer
        /// The server stops: the response in progress, or the next one, is the last.
        case stop
        /// The server has waited long enough for a further request.
        case leave
        /// A newcomer needs the place of somebody who is idle.
        case makeRoom
        /// The memory that the connection holds is needed.
        case giveUp
        /// It is to end at once, whatever is in progress.
        case abort
    }

    enum WriteOutcome: Hashable {
        case all
        /// The socket has no room for the rest.
        case full
        /// What comes next is being read from the disk.
        case loading
        /// The client may take more, but it is others' turn.
        case turnIsOver
    }

    /// What is to be done. Where nothing else is said, `performed` is what to tell afterwards.
    enum Action: Hashable {
        /// Nothing: nothing has changed.
        case none
        /// Set the timer anew, and nothing else: nothing has changed.
        case setTimer(Instant)
        /// Nothing until the next event; the timer is to be set anew if there is a time for it.
        case wait(settingTimer: Instant?)
        /// Read from the socket for the parser: `received`, `nothingToRead`, `endOfInput` or `failed`.
        case read
        /// Read from the socket, and throw it away: the same.
        case discard
        /// Look for a request in what has come: `incomplete`, `receiveRequest` or `receiveMalformed`.
        case parse
        /// Have the client send its content: `queued`.
        case queueContinue
        /// Answer in the application's place, and say that it is the last response: `queued`.
        case refuse(Refusal)
        /// Send what is pending: `wrote` or `failed`.
        case write
        /// Let other connections have their turn, and tell `turn` then.
        case yield
        /// Cancel the task of the request: its client has ended its side.
        case cancelRequest
        /// Let go of what has come behind the last request: it is answered by nobody, and takes no memory.
        case dropInput
        /// Say that nothing more will be sent.
        case shutDownWriting
        /// Close the socket and let go of everything: nothing is to be told any more.
        case close
    }

    /// Why the server answers a request itself.
    enum Refusal: Hashable {
        /// The request did not come in time.
        case timeOut
        case noPlace
        case noMemory
    }

    /// What becomes of a response.
    enum ResponseAction: Hashable {
        /// It is to be sent, and says whether the connection persists: `queued`.
        case queue(persists: Bool)
        /// The connection is closed: nobody takes it.
        case discard
    }
}
