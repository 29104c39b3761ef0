import Glibc
import Synchronization

/// A process whose end is known for certain: a child of this program, or any other that is held by a pidfd.
///
/// To be asked it needs no descriptor that it does not have already, so a program whose table of descriptors is full
/// still tells a living server from a dead one. Where the system gives no answer, the answer is `unknown`, on which
/// nothing may be done but to ask again.
final class WatchedProcess: Sendable {
    enum State: Equatable {
        case running
        /// The exit status, or 128 plus the signal that ended it; nil when that is not for us to know.
        case ended(Int32?)
        case unknown(String)
    }

    let pid: pid_t
    private let isChild: Bool
    /// The process's pidfd; -1 for a child for which there was no descriptor: waitpid(2) needs none.
    private let descriptor: Int32
    /// How it ended. Locked also while it is signalled: a child is not waited for meanwhile, so its pid is still its own.
    private let end = Mutex<State?>(nil)

    /// A child that nobody else waits for.
    init(child pid: pid_t) {
        self.pid = pid
        isChild = true
        descriptor = PidDescriptor.open(pid)
    }

    /// The process that has this id now; nil when there is none.
    init?(existing pid: pid_t) throws(EmbeddedPostgreSQLError) {
        let descriptor = PidDescriptor.open(pid)
        guard descriptor >= 0 else {
            if errno == ESRCH { return nil }
            throw FileSystem.failure("watch", "process \(pid)")
        }
        self.pid = pid
        isChild = false
        self.descriptor = descriptor
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// How it is, without waiting.
    var state: State {
        end.withLock { end in
            if let end { return end }
            let state = isChild ? childState() : descriptorState()
            if case .ended = state { end = state }
            return state
        }
    }

    /// How it is as soon as it has ended, `wakeUp` can be read, or `milliseconds` are over (-1: never).
    func wait(milliseconds: Int32, orFor wakeUp: Int32 = -1) -> State {
        // poll(2) passes over a negative descriptor. An error is an early return: the state is asked for below.
        var polled = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0),
        ]
        // A child without a pidfd has to be looked after.
        let limit = descriptor < 0 && (milliseconds < 0 || milliseconds > 50) ? 50 : milliseconds
        if poll(&polled, 2, limit) < 0, errno != EINTR {
            // As when the limit of descriptors is below two: slower, but never a busy loop.
            usleep(useconds_t(max(0, limit < 0 ? 50 : min(limit, 50))) * 1000)
        }
        return state
    }

    /// Sends a signal, unless it has ended; a process that has its id after it never gets it.
    func signal(_ number: Int32) {
        end.withLock { end in
            guard end == nil else { return }
            // It fails only when it has ended.
            _ = isChild ? kill(pid, number) : PidDescriptor.signal(descriptor, number)
        }
    }

    /// Sends a signal to a child and to all that it has started in its session, unless the child has ended.
    func signalGroup(_ number: Int32) {
        end.withLock { end in if end == nil { kill(-pid, number) } }
    }

    private func childState() -> State {
        var status: Int32 = 0
        while true {
            let result = waitpid(pid, &status, WNOHANG)
            if result == 0 { return .running }
            if result == pid {
                let signal = status & 0x7f
                return .ended(signal == 0 ? (status >> 8) & 0xff : 128 + signal)
            }
            // No child of ours any more: somebody (a handler, or SIGCHLD being ignored) has waited for it.
            if errno == ECHILD { return .ended(nil) }
            if errno != EINTR { return .unknown("waitpid: \(String(cString: strerror(errno)))") }
        }
    }

    private func descriptorState() -> State {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&polled, 1, 0)
            if count == 0 { return .running }
            if count > 0 {
                guard polled.revents & Int16(POLLIN) != 0 else { return .unknown("poll of a pidfd") }
                PidDescriptor.reap(descriptor)
                return .ended(nil)
            }
            if errno != EINTR { return .unknown("poll: \(String(cString: strerror(errno)))") }
        }
    }
}

/// pidfd_open(2) and pidfd_send_signal(2), of Linux 5.3 and 5.1, which glibc has by name only since 2.36.
private enum PidDescriptor {
    private typealias Syscall = @convention(c) (Int, Int, Int, Int, Int) -> Int

    // The bit cast is sound: syscall(2) takes a number and up to six words, all in registers, and it is written in
    // assembly, which does not look at what else a caller of a variadic function has to set up.
    private static let syscall = dlsym(nil, "syscall").map { unsafeBitCast($0, to: Syscall.self) }
    /// The same on every architecture.
    private static let openNumber = 434
    private static let sendSignalNumber = 424

    /// The descriptor, which is closed on exec(3), or -1 with errno.
    static func open(_ pid: pid_t) -> Int32 { Int32(truncatingIfNeeded: syscall?(openNumber, Int(pid), 0, 0, 0) ?? -1) }

    /// Waits for a process that has ended, by waitid(2), in case that it is a child: one that was left and taken over by the
    /// same program would stay a zombie.
    static func reap(_ descriptor: Int32) {
        let byDescriptor = idtype_t(rawValue: 3)  // P_PIDFD, since Linux 5.4
        var information = siginfo_t()
        // Fails for a process that is no child.
        _ = waitid(byDescriptor, id_t(descriptor), &information, WEXITED | WNOHANG)
    }

    static func signal(_ descriptor: Int32, _ number: Int32) -> Int32 {
        Int32(truncatingIfNeeded: syscall?(sendSignalNumber, Int(descriptor), Int(number), 0, 0) ?? -1)
    }
}
