import HTTP

/// The parser of a simulated connection: where in what the client says it has come to.
struct SimulatedParser {
    /// How many bytes it has been given, and which request they are about.
    private(set) var fed = 0
    private(set) var current = 0
    /// The client of the current request has been told to go on.
    var hasContinued = false

    mutating func feed(_ count: Int) { fed += count }

    /// How many bytes of the current request, and of those behind it, are there.
    func buffered(_ requests: [SimulatedPeer.Request]) -> Int {
        fed - (current < requests.count ? requests[current].start : requests.last?.end ?? 0)
    }

    func phase(_ requests: [SimulatedPeer.Request]) -> HTTPRequestParser.Phase {
        guard buffered(requests) > 0 else { return .idle }
        return fed < requests[current].headEnd ? .head : .content
    }

    /// Whether the client waits to be told that it may send the content.
    func expectsContinue(_ requests: [SimulatedPeer.Request]) -> Bool {
        guard current < requests.count, !hasContinued else { return false }
        let request = requests[current]
        return request.expectsContinue && request.contentLength > 0 && fed == request.headEnd
    }

    /// Whether it has something to give, if only an error.
    func hasResult(_ requests: [SimulatedPeer.Request]) -> Bool {
        guard current < requests.count else { return false }
        return fed >= (requests[current].isMalformed ? requests[current].headEnd : requests[current].end)
    }

    mutating func goOn() {
        current += 1
        hasContinued = false
    }
}
