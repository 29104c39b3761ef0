public import HTTP

/// How much and how long a server lets clients ask of it.
public struct ServerLimits: Sendable {
    /// What the parser accepts.
    public var http = HTTPLimits()
    /// Connections at once, over all event loops. For whoever comes beyond them the longest idle one is closed; where none
    /// is idle they wait in the kernel's queue, 4,096 of them at most for each loop. Default 20,000; what the process'
    /// descriptors allow is `effectiveConnections`.
    public var maxConnections = 20_000
    /// For how long a connection is idle at least before it is closed for a newcomer. Default 250 milliseconds.
    public var leastIdleTime: Duration = .milliseconds(250)
    /// The memory, in bytes, that connections hold for clients that are slow, over all event loops: requests that have
    /// come in part, content of requests that are being answered, and answers that have not been taken, but for what they
    /// share. Beyond it those are closed that have held much for the longest, with 503 where a request was coming.
    /// Default 256 MiB.
    public var maxBufferedBytes = 256 * 1024 * 1024
    /// From a request's first byte to the end of its head. Default 10 seconds.
    public var headTimeout: Duration = .seconds(10)
    /// How long the content of a request may keep the server waiting: each `minTransferRate` bytes that come earn one
    /// second back. Default 20 seconds.
    public var contentTimeout: Duration = .seconds(20)
    /// Between a response and the next request's first byte. Default 75 seconds.
    public var idleTimeout: Duration = .seconds(75)
    /// How long an idle connection stays open when the server stops: a request that is on its way then, on a connection
    /// that a proxy or a browser keeps, is still answered. Default 1 second.
    public var idleGrace: Duration = .seconds(1)
    /// How long a client that does not take what is sent to it may keep the server waiting: each `minTransferRate` bytes
    /// that it takes earn one second back. Default 30 seconds.
    public var writeTimeout: Duration = .seconds(30)
    /// How many bytes a second a client has to send of a request's content, and to take of an answer, to stay as long as
    /// that takes. Default 500.
    public var minTransferRate = 500
    /// How long what a client still sends is read and thrown away after the last response, so that it sees that
    /// response rather than a reset (RFC 9112 section 9.6). Default 2 seconds.
    public var lingerTimeout: Duration = .seconds(2)
    /// How many bytes wait to be sent to a client before its next pipelined request is answered. Default 64 KiB.
    public var maxPendingOutput = 64 * 1024
    /// How many bytes of further pipelined requests are read while one is being answered. Default 64 KiB.
    public var maxPendingInput = 64 * 1024

    /// The memory, in bytes, in which each event loop keeps what it has compressed for the answers to come. Default 4 MiB.
    public var maxCompressedBytes = 4 * 1024 * 1024

    /// The defaults.
    public init() {}

    /// How many connections there can be: `maxConnections`, or fewer where the process may not open as many descriptors.
    /// At least one.
    /// - Parameters:
    ///   - configured: the connections that were asked for.
    ///   - descriptorLimit: how many descriptors the process may have (`Syscalls.descriptorLimit`).
    ///   - open: how many it has now, those that its loops wait on among them (`Syscalls.openDescriptorCount`).
    ///   - reserve: how many it keeps for itself: files, its database, whatever it looks up in /proc.
    public static func effectiveConnections(
        configured: Int, descriptorLimit: Int, open: Int, reserve: Int = descriptorReserve
    ) -> Int {
        // None of the three is negative; a limit may be as large as can be.
        max(1, min(configured, descriptorLimit - min(descriptorLimit, open) - min(descriptorLimit, reserve)))
    }

    /// The descriptors that are kept for the program itself, unless it knows better: 64.
    public static let descriptorReserve = 64

    /// What moving that many bytes earns.
    func timeEarned(by bytes: Int) -> Duration { .seconds(bytes) / max(1, minTransferRate) }
}
