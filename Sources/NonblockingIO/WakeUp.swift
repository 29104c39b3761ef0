internal import Synchronization

/// An eventfd in a loop's epoll set, written when work comes from another thread.
final class WakeUp: ReadinessHandler {
    let descriptor: Int32
    private let isSignalled = Atomic<Bool>(false)

    init() throws(SyscallError) {
        descriptor = try Syscalls.makeEvent()
    }

    deinit { Syscalls.close(descriptor) }

    func signal() {
        isSignalled.store(true, ordering: .releasing)
        Syscalls.signal(event: descriptor)
    }

    /// Whether there was a signal since the last time; called by the loop before it looks at its inbox.
    func take() -> Bool { isSignalled.exchange(false, ordering: .acquiring) }

    func descriptorIsReady(_ readiness: Readiness) { Syscalls.drain(event: descriptor) }
}
