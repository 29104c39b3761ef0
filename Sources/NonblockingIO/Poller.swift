import CEpoll
internal import Glibc

/// One epoll set and the handlers of the descriptors in it. Confined to its event loop.
struct Poller: ~Copyable {
    /// A place in the table: the generation tells a registration from an earlier one in the same place, so that an
    /// event that was fetched before a descriptor was closed never reaches the descriptor's successor.
    struct Slot {
        var generation: UInt32
        var handler: (any ReadinessHandler)?
    }

    let epoll: OwnedDescriptor
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private let events: UnsafeMutableBufferPointer<epoll_event>

    /// How many events one wait fetches.
    private static let batchSize = 256

    init() throws(SyscallError) {
        epoll = OwnedDescriptor(try Syscalls.makeEpoll())
        events = .allocate(capacity: Self.batchSize)
    }

    deinit { events.deallocate() }

    var descriptor: Int32 { epoll.number }

    mutating func add(
        _ descriptor: Int32, _ interest: Readiness, _ trigger: Trigger, _ handler: any ReadinessHandler
    ) throws(SyscallError) -> Registration {
        let index = freeSlots.popLast() ?? slots.endIndex
        if index == slots.endIndex { slots.append(Slot(generation: 0, handler: nil)) }
        let registration = Registration(
            descriptor: descriptor, slot: UInt32(index), generation: slots[index].generation, trigger: trigger)
        do {
            try control(EPOLL_CTL_ADD, registration, interest)
        } catch {
            freeSlots.append(index)
            throw error
        }
        slots[index].handler = handler
        return registration
    }

    func modify(_ registration: Registration, _ interest: Readiness) throws(SyscallError) {
        try control(EPOLL_CTL_MOD, registration, interest)
    }

    mutating func remove(_ registration: Registration) {
        let index = Int(registration.slot)
        guard slots[index].generation == registration.generation else { return }
        slots[index].generation &+= 1
        slots[index].handler = nil
        freeSlots.append(index)
        var unused = epoll_event()
        // Fails only when the descriptor is already closed, which has taken it out of the set.
        _ = epoll_ctl(descriptor, EPOLL_CTL_DEL, registration.descriptor, &unused)
    }

    private func control(_ operation: Int32, _ registration: Registration, _ interest: Readiness)
        throws(SyscallError)
    {
        var flags: UInt32 = registration.trigger == .edge ? CEpollEdgeTriggered : 0
        if interest.contains(.readable) { flags |= CEpollIn }
        if interest.contains(.writable) { flags |= CEpollOut }
        if interest.contains(.hangup) { flags |= CEpollPeerClosed }
        try Syscalls.epollControl(
            descriptor, operation, registration.descriptor, events: flags, data: registration.token)
    }

    /// Waits, then hands each event to its handler.
    ///
    /// The handlers may register and deregister descriptors through the loop, so `self` must not be held exclusively
    /// while they run: `wait` only fetches, `event` looks up one.
    func wait(milliseconds: Int32) throws(SyscallError) -> Int {
        try Syscalls.epollWait(descriptor, events, milliseconds: milliseconds)
    }

    /// The handler for the fetched event at `index`, nil when it was deregistered since.
    func event(at index: Int) -> (handler: any ReadinessHandler, readiness: Readiness)? {
        let event = events[index]
        let slot = slots[Int(UInt32(truncatingIfNeeded: event.data.u64))]
        guard slot.generation == UInt32(event.data.u64 >> 32), let handler = slot.handler else { return nil }
        var readiness: Readiness = []
        if event.events & CEpollIn != 0 { readiness.insert(.readable) }
        if event.events & CEpollOut != 0 { readiness.insert(.writable) }
        if event.events & CEpollPeerClosed != 0 { readiness.insert(.hangup) }
        // A broken connection is told to whoever waits to read or to write: the operation then gives the error.
        if event.events & (CEpollError | CEpollHangup) != 0 { readiness.formUnion([.readable, .writable, .hangup]) }
        return (handler, readiness)
    }
}

/// A descriptor's place in an event loop.
public struct Registration: Sendable {
    /// The registered descriptor.
    public let descriptor: Int32
    let slot: UInt32
    let generation: UInt32
    let trigger: Trigger

    var token: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
}
