import Dispatch
import Glibc

/// SIGTERM and SIGINT, as something to wait for.
struct StopSignals {
    private let stream: AsyncStream<Void>
    private let sources: [any DispatchSourceSignal]

    init() {
        // A client or a pipe that goes away is an error of the write, not a signal.
        signal(SIGPIPE, SIG_IGN)
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        self.stream = stream
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield() }
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
