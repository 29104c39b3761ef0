internal import Glibc

/// A thread that no pool of threads can keep from running: what blocks for as long as it likes, and what has to go on
/// whatever the loops do, is done there.
public enum OwnThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a thread that ends with it and that nobody waits for.
    ///
    /// For what the program cannot do without: where no thread can be made it ends.
    public static func start(_ body: @escaping @Sendable () -> Void) {
        do throws(SyscallError) {
            try startOrThrow(body)
        } catch {
            preconditionFailure("no thread can be made: \(error)")
        }
    }

    /// The same for what can be done without, or later.
    /// - Throws: `SyscallError` of pthread_create(3); nothing was run.
    public static func startOrThrow(_ body: @escaping @Sendable () -> Void) throws(SyscallError) {
        let context = Unmanaged.passRetained(Work(body)).toOpaque()
        do throws(SyscallError) {
            try Syscalls.startDetachedThread(context) { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }
        } catch {
            Unmanaged<Work>.fromOpaque(context).release()
            throw error
        }
    }
}
