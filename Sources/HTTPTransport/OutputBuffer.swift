import NonblockingIO

/// The bytes that a client has yet to take.
///
/// While a connection runs it borrows the loop's spare array, so that only a client that is slow to read owns one.
struct OutputBuffer {
    private(set) var bytes: [UInt8] = []
    private var sent = 0

    var count: Int { bytes.count - sent }
    var isEmpty: Bool { count == 0 }

    /// Lets `body` append to the bytes.
    mutating func append(using scratch: LoopScratch, _ body: (inout [UInt8]) -> Void) {
        if bytes.isEmpty { bytes = scratch.takeOutput() }
        body(&bytes)
    }

    enum Progress { case done, wouldBlock(madeProgress: Bool) }

    /// Sends as much as the client takes now.
    mutating func send(to socket: Int32, _ scratch: LoopScratch) throws(SyscallError) -> Progress {
        let before = sent
        while sent < bytes.count {
            let result = try Syscalls.send(socket, bytes, from: sent)
            guard case .bytes(let count) = result else {
                defer { shrink(scratch) }
                return .wouldBlock(madeProgress: sent > before)
            }
            sent += count
        }
        sent = 0
        scratch.giveBack(&bytes)
        bytes = []
        return .done
    }

    /// Moves the rest to an array of its own size when it is the lesser part: so moving stays linear.
    private mutating func shrink(_ scratch: LoopScratch) {
        guard count < bytes.capacity / 2 else { return }
        var rest = Array(bytes[sent...])
        swap(&rest, &bytes)
        sent = 0
        scratch.giveBack(&rest)
    }
}
