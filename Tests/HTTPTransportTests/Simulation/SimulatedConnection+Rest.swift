import HTTP

@testable import HTTPTransport

extension SimulatedConnection {
    /// Nothing that can be done is left undone, and the timer fires in time.
    func checkRest() throws(Violation) {
        if model.hasYielded { return }
        let hasReset = peer.hasReset && !peer.hasNews
        let buffered = parser.buffered(peer.requests)
        if !peer.hasNews {
            let isUnread = peer.hasReset || peer.unread > 0 || peer.hasEnded && !model.inputEnded
            try require(!isUnread || !model.mayRead(buffered: buffered), "what is there is not read")
            try require(
                model.unsent == 0 || model.isLoading || peer.room == 0 && !hasReset, "what can be sent is not sent")
        }
        if model.isReceiving, !model.isOutputFull {
            try require(!parser.hasResult(peer.requests), "a request that is there is not answered")
            try require(!model.inputEnded, "no request will come, and one is awaited")
            try require(!model.turnsAway, "neither served nor turned away")
            try require(
                !model.isLeaving || model.unsent > 0 || parser.phase(peer.requests) != .idle, "idle after all")
            try require(!parser.expectsContinue(peer.requests), "the client waits for 100, the server for the content")
        }
        if model.isAnswering, model.persistsAfterPieces == nil {
            try require(!model.inputEnded || model.isCancelled, "the request is not cancelled")
        }
        if model.isEnding {
            try require(model.unsent > 0 || model.isShutDown, "all is sent, and the end is not told")
            try require(!model.isShutDown || !model.inputEnded, "both sides have ended, and it is not closed")
        }
        let deadline = model.deadline(parser.phase(peer.requests))
        if let deadline {
            try require(deadline > now, "the client's time is over")
            try require(timer.map { $0 <= deadline } ?? false, "the timer fires late")
        } else {
            try require(model.isAnswering, "the client is awaited for ever")
        }
    }
}
