/// How long to wait before the next attempt to connect: from 50 ms, doubled each time, to 2 s, less up to half at random
/// so that all who lost the same server do not come back at the same moment.
struct Backoff {
    private static let shortest = Duration.milliseconds(50)
    static let longest = Duration.seconds(2)
    private var next = shortest

    mutating func delay(random: Double = .random(in: 0...1)) -> Duration {
        defer { next = min(next * 2, Self.longest) }
        return next * (0.5 + random / 2)
    }

    /// The next attempt is the first again.
    mutating func reset() { next = Self.shortest }
}
