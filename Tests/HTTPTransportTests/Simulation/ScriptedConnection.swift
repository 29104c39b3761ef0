import HTTP
import NonblockingIO

@testable import HTTPTransport

/// A connection's state machine to which a test tells by hand what happens, and when.
struct ScriptedConnection {
    typealias Machine = ConnectionStateMachine

    private(set) var machine: Machine
    private(set) var now = Duration.seconds(1000)
    private(set) var timer: Duration?
    /// All that it was told to do, but for waiting.
    private(set) var actions: [Machine.Action] = []

    init(_ limits: ServerLimits = ServerLimits()) {
        machine = Machine(limits: limits)
        tell(.accepted, .nothingToRead)
    }

    var isClosed: Bool { machine.isClosed }
    private(set) var isRefused = false

    /// Tells one thing after the other, and says what is to be done last; what has nothing to tell about is done.
    @discardableResult
    mutating func tell(_ events: Machine.Event...) -> Machine.Action {
        var action = Machine.Action.none
        for event in events {
            action = machine.handle(event, at: now)
            var isDone = false
            while !isDone {
                switch action {
                case .setTimer(let instant), .wait(settingTimer: let instant?):
                    timer = instant
                    return action
                case .none, .wait(settingTimer: nil): isDone = true
                case .yield, .cancelRequest, .dropInput, .shutDownWriting:
                    actions.append(action)
                    action = machine.handle(.performed, at: now)
                default:
                    if case .refuse = action { isRefused = true }
                    actions.append(action)
                    isDone = true
                }
            }
        }
        return action
    }

    /// The time goes on, and the timer fires whenever it is due.
    mutating func pass(_ duration: Duration) {
        let end = now + duration
        while let due = timer, due <= end, !isClosed {
            now = max(now, due)
            timer = nil
            tell(.timer)
        }
        now = end
    }

    // MARK: What often happens

    /// Bytes come, after which the next request is so far.
    @discardableResult
    mutating func receive(_ phase: HTTPRequestParser.Phase, _ count: Int = 10) -> Machine.Action {
        tell(.ready(.readable))
        tell(.received(count, isShort: true))
        return tell(.incomplete(phase, expectsContinue: false))
    }

    /// A whole request comes, and perhaps bytes behind it.
    mutating func receiveRequest(persists: Bool = true, behind: Int = 0) {
        tell(.ready(.readable))
        tell(.received(10 + behind, isShort: true))
        _ = machine.receiveRequest(clientPersists: persists, bufferedBytes: behind, hasMemory: true)
    }

    /// The application answers, and the client takes so many bytes of what is sent.
    mutating func respond(_ count: Int = 100, taken: Int = 100) {
        _ = machine.receiveResponse(responseCloses: false)
        tell(.queued(pendingBytes: count, isSealed: false))
        // What is there behind the request is looked at first.
        if actions.last == .parse { tell(.incomplete(.head, expectsContinue: false)) }
        tell(.wrote(taken, taken == count ? .all : .full))
    }

    /// The client takes so many of the bytes that are left.
    mutating func take(_ count: Int, _ outcome: Machine.WriteOutcome = .full) {
        tell(.ready(.writable))
        tell(.wrote(count, outcome))
    }
}
