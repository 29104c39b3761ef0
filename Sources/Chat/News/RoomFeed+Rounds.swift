import Logging
import NonblockingIO

/// When a feed asks what all its held requests have missed.
struct Rounds {
    var next: (timer: EventLoopTimer, delay: Duration)?
    var isUnderWay = false
    /// Another is wanted after the one that is under way.
    var isWanted = false
}

/// What news may not have told of is found by rounds, so that nobody misses anything: often while the listening
/// connection is down, now and then while it is there.
extension RoomFeed {
    /// Takes note that news from other processes come by themselves, or no longer do; from any thread.
    nonisolated func hearsOthers(_ hears: Bool) {
        loop.execute {
            self.assumeIsolated { feed in
                feed.hearsOthers = hears
                feed.readerChanges += 1
                feed.held.forgetAll()
                // What came while nobody listened is found by one round.
                feed.beginRound()
            }
        }
    }

    /// Sees to it that there is a next round, and no later than is due.
    func scheduleRound() {
        scheduleRound(after: hearsOthers ? ChatLimits.roundWithNews : ChatLimits.roundWithoutNews)
    }

    /// The database did not answer: what was asked for is found when it does.
    func roundAfterFailure() {
        if rounds.isUnderWay { rounds.isWanted = true } else { scheduleRound(after: ChatLimits.roundWithoutNews) }
    }

    private func scheduleRound(after delay: Duration) {
        guard !held.isEmpty, !isStopping, !rounds.isUnderWay else { return }
        if let next = rounds.next, next.delay <= delay { return }
        rounds.next?.timer.cancel()
        let timer = loop.schedule(after: delay) { [weak self] in self?.assumeIsolated { $0.beginRound() } }
        rounds.next = (timer, delay)
    }

    private func beginRound() {
        rounds.next?.timer.cancel()
        rounds.next = nil
        guard !rounds.isUnderWay else {
            rounds.isWanted = true
            return
        }
        rounds.isUnderWay = true
        Task(executorPreference: loop) { await self.goRound() }
    }

    /// Asks what all who wait may have missed.
    private func goRound() async {
        var hasFailed = false
        var waiting: [HeldRequest] = []
        for request in held.all {
            // One that is about to wait may have looked before what was missed came.
            if request.isWaiting { waiting.append(request) } else { request.seenNews = nil }
        }
        do {
            while !waiting.isEmpty {
                let some = waiting.suffix(ChatLimits.maxLook)
                waiting.removeLast(some.count)
                for place in try await RoomNews.missed(by: some, in: database) {
                    let request = some[some.startIndex + place]
                    held.makeDue(request)
                    lookSoon(at: request.room)
                }
            }
        } catch {
            logger.warning("held requests could not be answered: \(error)")
            hasFailed = true
        }
        rounds.isUnderWay = false
        if rounds.isWanted {
            rounds.isWanted = false
            beginRound()
        } else if hasFailed {
            roundAfterFailure()
        } else {
            scheduleRound()
        }
    }
}
