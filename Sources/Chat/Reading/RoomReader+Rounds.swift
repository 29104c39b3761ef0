import NonblockingIO

/// What news may not have told of is found by rounds, so that nobody misses anything: often while the listening
/// connection is down, now and then while it is there.
extension RoomReader {
    /// Takes note that news from other processes come by themselves, or no longer do; from any thread.
    nonisolated func hearsOthers(_ hears: Bool) {
        loop.execute {
            self.assumeIsolated { reader in
                reader.hearsOthers = hears
                // What came while nobody listened is found by one round.
                reader.goRound()
            }
        }
    }

    /// Sees to it that there is a next round, and no later than is due.
    func scheduleRound() {
        scheduleRound(after: hearsOthers ? ChatLimits.roundWithNews : ChatLimits.roundWithoutNews)
    }

    func scheduleRound(after delay: Duration) {
        guard !isStopping else { return }
        if let nextRound, nextRound.delay <= delay { return }
        nextRound?.timer.cancel()
        let timer = loop.schedule(after: delay) { [weak self] in self?.assumeIsolated { $0.goRound() } }
        nextRound = (timer, delay)
    }

    /// Asks what all who wait may have missed.
    private func goRound() {
        nextRound?.timer.cancel()
        nextRound = nil
        watch.noteMissedNews()
        lookSoon()
        if watch.heldCount > 0 { scheduleRound() }
    }
}
