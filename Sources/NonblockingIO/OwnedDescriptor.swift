/// An open descriptor that is closed when its last owner lets go of it.
public final class OwnedDescriptor: Sendable {
    /// The descriptor, for a system call.
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { Syscalls.close(number) }
}
