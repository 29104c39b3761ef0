/// Asks again and again until it is so, for what no event tells of; false when it is not within `time`.
func eventually(within time: Duration = .patience, _ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + time
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return try await condition()
}

extension Duration {
    /// Longer than anything takes that happens at all, also where all tests share two processors with a sanitizer: it only
    /// keeps a test that hangs from doing so for ever.
    static let patience: Self = .seconds(60)

    /// What is answered within it was not answered because its 30 s were over.
    static let beforeItsEnd: Self = .seconds(25)
}
