/// Which of some numbered things have been in a certain way, the longest first: adding, removing and asking for the
/// first each take constant time, and no memory but for the numbers' places.
struct AgeList {
    private struct Link {
        var previous = none
        var next = none
        var isIn = false
        var since = Duration.zero
    }

    private static let none = -1

    private var links: [Link] = []
    private var first = none
    private var last = none

    /// The one that has been in for the longest, and since when.
    var oldest: (number: Int, since: Duration)? {
        first == Self.none ? nil : (first, links[first].since)
    }

    func contains(_ number: Int) -> Bool { number < links.count && links[number].isIn }

    /// Adds a number, which is the youngest then, also when it was in before. `now` is never before that of the last call.
    mutating func append(_ number: Int, now: Duration) {
        while links.count <= number { links.append(Link(since: now)) }
        remove(number)
        links[number] = Link(previous: last, isIn: true, since: now)
        if last == Self.none { first = number } else { links[last].next = number }
        last = number
    }

    /// Removes a number, if it is in.
    mutating func remove(_ number: Int) {
        guard contains(number) else { return }
        let link = links[number]
        if link.previous == Self.none { first = link.next } else { links[link.previous].next = link.next }
        if link.next == Self.none { last = link.previous } else { links[link.next].previous = link.previous }
        links[number].isIn = false
    }
}
