import HTTP
import NonblockingIO

/// What the connections of one event loop have in common.
final class LoopContext: Sendable {
    let loop: EventLoop
    let table: ConnectionTable
    let responder: any HTTPResponder
    let limits: ServerLimits
    let share: ServerShare
    let scratch: LoopScratch

    init(table: ConnectionTable, responder: any HTTPResponder, limits: ServerLimits, share: ServerShare) {
        loop = table.loop
        self.table = table
        self.responder = responder
        self.limits = limits
        self.share = share
        scratch = LoopScratch(loop: table.loop, maxCompressedBytes: limits.maxCompressedBytes)
    }
}
