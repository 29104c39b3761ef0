internal import Synchronization

/// What an event loop is at, noted by the loop and read by other threads: one relaxed store for each piece of work.
final class LoopProgress: Sendable {
    /// What is at work.
    enum Work: Hashable, Sendable {
        case timer, job, action
        /// A handler of this class.
        case handler(ObjectIdentifier)

        fileprivate var code: UInt {
            switch self {
            case .timer: 1
            case .job: 2
            case .action: 3
            // The address of the class' metadata, which is none of these numbers.
            case .handler(let type): UInt(bitPattern: type)
            }
        }
    }

    /// Odd during a round, even between two.
    private let roundNumber = Atomic<UInt64>(0)
    private let work = Atomic<UInt>(0)

    // MARK: By the loop

    /// A round begins.
    func begin() { roundNumber.store(roundNumber.load(ordering: .relaxed) &+ 1 | 1, ordering: .relaxed) }

    /// Now it waits, in epoll or in Dispatch.
    func wait() { roundNumber.store((roundNumber.load(ordering: .relaxed) &+ 1) & ~1, ordering: .relaxed) }

    func note(_ work: Work) { self.work.store(work.code, ordering: .relaxed) }

    // MARK: By others

    /// Tells the round from others; nil while the loop waits.
    var round: UInt64? {
        let number = roundNumber.load(ordering: .relaxed)
        return number & 1 == 1 ? number : nil
    }

    /// What it has last begun, in words.
    var description: String {
        switch work.load(ordering: .relaxed) {
        case 0: return "nothing yet"
        case 1: return "a timer"
        case 2: return "a job of a task or an actor"
        case 3: return "an action"
        case let code:
            // Written by `note` from the class of an object; the metadata of a class that has objects stay where they are.
            let type: AnyClass = unsafeBitCast(code, to: AnyClass.self)
            return "a readiness handler, \(type)"
        }
    }
}
