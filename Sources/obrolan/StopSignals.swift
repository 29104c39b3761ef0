import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT, as something to wait for.
struct StopSignals {
    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    private let stream: AsyncStream<Void>
    private let sources: [any DispatchSourceSignal]
    private let flag = Flag()

    /// Whether one of them has come.
    var haveCome: Bool { flag.isSet.load(ordering: .relaxed) }

    /// The same question, for other threads.
    var areThere: @Sendable () -> Bool { { [flag] in flag.isSet.load(ordering: .relaxed) } }

    init() {
        // A client or a pipe that goes away is an error of the write, not a signal.
        signal(SIGPIPE, SIG_IGN)
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        self.stream = stream
        sources = [SIGTERM, SIGINT].map { [flag] number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                flag.isSet.store(true, ordering: .relaxed)
                continuation.yield()
            }
            source.activate()
            return source
        }
    }

    /// Comes back when one of them has come.
    func first() async {
        for await _ in stream { return }
    }
}

/// Has a line that was printed appear at once, also where the output is a file or a pipe.
func flushOutput() { fflush(nil) }
