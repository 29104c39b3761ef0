/// Something about a server's load that its operator wants to know: told when it begins, and when it is over.
public enum ServerNotice: Hashable, Sendable, CustomStringConvertible {
    /// Every place for a connection is taken, `limit` of them: newcomers wait, or get the place of the longest idle one.
    case connectionsUsedUp(limit: Int)
    /// There are places again; meanwhile that many idle connections were closed.
    case connectionsFree(closedIdle: Int)
    /// The process or the machine has no descriptors or no memory for sockets left: accept4(2) has said so.
    case descriptorsUsedUp
    /// Connections are accepted again; meanwhile that many idle ones were closed.
    case descriptorsFree(closedIdle: Int)
    /// Clients that send or read slowly take more memory than `ServerLimits.maxBufferedBytes`, which is `limit`: those
    /// that have taken theirs for the longest are closed.
    case memoryUsedUp(limit: Int)
    /// They take less again; meanwhile that many were closed.
    case memoryFree(closed: Int)
    /// The time for the stop is over, and that many event loops have not said that they have ended their connections:
    /// something holds them up.
    case stopOverdue(loops: Int)

    /// A sentence for the log.
    public var description: String {
        switch self {
        case .connectionsUsedUp(let limit):
            "All \(limit) connections are taken: for whoever comes now the longest idle one is closed; where none is "
                + "idle, they wait"
        case .connectionsFree(let count): "There are free connections again; \(count) idle ones were closed meanwhile"
        case .descriptorsUsedUp: "There are no descriptors left for connections: the longest idle ones are closed"
        case .descriptorsFree(let count):
            "There are descriptors for connections again; \(count) idle ones were closed meanwhile"
        case .memoryUsedUp(let limit):
            "Slow clients take more than \(limit) bytes of memory: those that have taken theirs for the longest are "
                + "closed"
        case .memoryFree(let count):
            "Slow clients take less memory again; \(count) of them were closed meanwhile"
        case .stopOverdue(let count):
            "\(count) event loops are held up by something, and have not ended their connections in time"
        }
    }
}
