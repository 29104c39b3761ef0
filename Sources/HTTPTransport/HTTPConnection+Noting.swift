import HTTP

extension HTTPConnection {
    /// Between two requests, or before the first, with nothing pending.
    var isIdle: Bool {
        guard case .reading = state else { return false }
        return parser.phase == .idle && output.isEmpty
    }

    /// Tells the loop's table and the server's budget how it is now.
    func note() {
        let slow = parser.heldByteCount + output.ownByteCount
        context.table.note(place, isIdle: isIdle, isHolding: slow >= Self.muchMemory)
        noteHeld(slow + requestByteCount)
    }

    /// In whole kilobytes: ordinary requests hold less, which is a connection's own, and all loops count in one place.
    func noteHeld(_ count: Int) {
        let count = count & ~1023
        guard count != held else { return }
        let difference = count - held
        held = count
        context.share.addHeld(difference, by: context.table)
    }
}
