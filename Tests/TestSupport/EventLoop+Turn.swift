package import NonblockingIO

extension EventLoop {
    /// Comes back when what is ready now has had its turn.
    package func turn() async {
        await withCheckedContinuation { continuation in execute { continuation.resume() } }
    }
}
