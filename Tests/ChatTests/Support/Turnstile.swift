/// Lets so many tests at once have a site: each needs connections, and those that measure time want the machine for
/// themselves.
actor Turnstile {
    private let places: Int
    private var free: Int
    private var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    init(places: Int) {
        self.places = places
        free = places
    }

    /// How many of the places a test takes.
    enum Share { case one, all }

    func enter(_ share: Share) async {
        let count = count(share)
        if waiting.isEmpty, free >= count {
            free -= count
            return
        }
        await withCheckedContinuation { waiting.append((count, $0)) }
    }

    func leave(_ share: Share) {
        free += count(share)
        while let first = waiting.first, free >= first.count {
            free -= first.count
            waiting.removeFirst().continuation.resume()
        }
    }

    private func count(_ share: Share) -> Int { share == .one ? 1 : places }
}
