import Glibc

/// Runs blocking work on a thread of its own, which ends with it.
///
/// Starting PostgreSQL waits for processes and files. On the cooperative pool or on an event loop that would hold up
/// others, and a Dispatch queue's worker would linger afterwards.
enum BlockingThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func run<Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Void
    ) async throws(Failure) {
        let result: Result<Void, Failure> = await withCheckedContinuation { continuation in
            let work = Work { continuation.resume(returning: Result(catching: body)) }
            var thread = pthread_t()
            let context = Unmanaged.passRetained(work).toOpaque()
            let code = pthread_create(
                &thread,
                nil,
                { context in
                    if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                    return nil
                },
                context
            )
            if code == 0 {
                pthread_detach(thread)
            } else {
                // No thread to be had: slower for others, but right.
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
            }
        }
        try result.get()
    }
}
