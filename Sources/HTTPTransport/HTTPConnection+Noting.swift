import HTTP

extension HTTPConnection {
    /// Tells the loop's table and the server's budget how it is now.
    func note() {
        let slow = parser.heldByteCount + output.ownByteCount
        context.table.note(place, isIdle: machine.isIdle, isHolding: slow >= Self.muchMemory)
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
