/// An open descriptor that is closed when its last owner lets go of it.
final class OwnedDescriptor: Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { Syscalls.close(number) }
}
