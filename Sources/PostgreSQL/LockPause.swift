/// How long a statement that had to wait for a lock is put aside before it tries again: from 50 ms, doubled each time, to
/// 250 ms, less up to half at random so that those who wait for the same row do not come all at once.
struct LockPause {
    private static let longest = Duration.milliseconds(250)
    private var next = Duration.milliseconds(50)

    mutating func delay(random: Double = .random(in: 0...1)) -> Duration {
        defer { next = min(next * 2, Self.longest) }
        return next * (0.5 + random / 2)
    }
}
