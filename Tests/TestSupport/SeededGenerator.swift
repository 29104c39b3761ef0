/// Random numbers that come again with the same seed (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// From 0, and less than `bound`: what is lost of evenness by the remainder matters to no test.
    package mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }

    /// From 1 to `bound`, small numbers as often as large ones.
    package mutating func size(upTo bound: Int) -> Int { 1 + below(1 + below(bound)) }

    /// True once in so many times.
    package mutating func once(in count: Int) -> Bool { below(count) == 0 }

    /// From 0 to 1.
    package mutating func unit() -> Double { Double(below(1001)) / 1000 }

    /// From nothing to that many milliseconds.
    package mutating func time(upTo milliseconds: Int) -> Duration { .milliseconds(below(milliseconds + 1)) }
}
