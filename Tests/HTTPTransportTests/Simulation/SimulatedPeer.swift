import HTTP
import NonblockingIO
import TestSupport

/// The client of a simulated connection and the two kernels between: all bytes are mere numbers, and what they say is told
/// by the requests that they are part of.
struct SimulatedPeer {
    struct Request {
        let start, headLength, contentLength: Int
        let expectsContinue, letsPersist, isMalformed: Bool

        var headEnd: Int { start + headLength }
        var end: Int { headEnd + contentLength }
    }

    /// All that the client ever says, one behind the other, and how much of it it has sent.
    private(set) var requests: [Request] = []
    private(set) var sent = 0
    /// What the server's kernel holds for it, and whether the end of the stream comes then.
    var unread = 0
    private(set) var hasEnded = false
    private(set) var hasReset = false
    /// What the kernels hold for the client, and have room for.
    private(set) var untaken = 0
    let capacity: Int
    private var wasFull = false
    /// The kernel has something to tell that it has not told.
    private(set) var hasNews = false

    init(capacity: Int) { self.capacity = capacity }

    var room: Int { capacity - untaken }
    /// Whether a read would give something.
    var isReadable: Bool { unread > 0 || hasEnded || hasReset }

    // MARK: The client

    /// Says part of what it has to say; something new, when it has said all.
    mutating func send(_ random: inout SeededGenerator) {
        guard !hasEnded, !hasReset else { return }
        var end = requests.last?.end ?? 0
        // Often several at once.
        while end == sent || random.once(in: 3) {
            requests.append(
                Request(
                    start: end, headLength: random.size(upTo: 30),
                    contentLength: random.once(in: 2) ? 0 : random.size(upTo: 300),
                    expectsContinue: random.once(in: 3), letsPersist: !random.once(in: 12),
                    isMalformed: random.once(in: 30)))
            end = requests[requests.count - 1].end
        }
        let count = random.once(in: 3) ? end - sent : random.size(upTo: end - sent)
        sent += count
        unread += count
        hasNews = true
    }

    mutating func endOutput() {
        guard !hasReset else { return }
        hasEnded = true
        hasNews = true
    }

    mutating func reset() {
        hasReset = true
        hasNews = true
    }

    /// Takes some of what was sent to it.
    mutating func take(_ count: Int) {
        untaken -= min(count, untaken)
        if wasFull, room > 0 {
            wasFull = false
            hasNews = true
        }
    }

    // MARK: The server's kernel

    /// What epoll tells, once: everything that is so.
    mutating func takeNews() -> Readiness {
        hasNews = false
        if hasReset { return [.readable, .writable, .hangup] }
        var readiness: Readiness = []
        if unread > 0 || hasEnded { readiness.insert(.readable) }
        if hasEnded { readiness.insert(.hangup) }
        if room > 0 { readiness.insert(.writable) }
        return readiness
    }

    /// Takes what the server sends, up to the room that there is.
    mutating func accept(_ count: Int) -> Int {
        let taken = min(count, room)
        untaken += taken
        if taken < count { wasFull = true }
        return taken
    }
}
