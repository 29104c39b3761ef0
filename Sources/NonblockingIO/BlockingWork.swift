internal import Dispatch

/// Work that waits for a disk, or takes long, done on a thread of Dispatch's and not on a loop.
public enum BlockingWork {
    /// There is no hurry: a loop that has something to do has the processor first.
    private static let queue = DispatchQueue.global(qos: .utility)

    /// Has `body` run later on another thread.
    public static func start(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }

    /// Runs `body` on another thread and comes back with what it gives or throws; on the loop that the task prefers.
    public static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            start { continuation.resume(with: Result(catching: body)) }
        }
    }
}
