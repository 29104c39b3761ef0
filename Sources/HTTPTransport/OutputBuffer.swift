import HTTP
import NonblockingIO

/// What a client has yet to take: bytes, and after them perhaps part of a file.
///
/// While a connection runs it borrows the loop's spare array, so that only a client that is slow to read owns one.
struct OutputBuffer {
    private var bytes: [UInt8] = []
    private var sent = 0
    private var file: OpenFile?
    private var fileRange = 0..<0

    /// How much of a file is sent before other connections get their turn.
    private static let fileBytesInTurn = 1024 * 1024

    /// The bytes that are left, those of the file included.
    var count: Int { bytes.count - sent + fileRange.count }
    var isEmpty: Bool { count == 0 }
    /// Whether nothing can be appended before all has been sent.
    var endsInFile: Bool { file != nil }

    /// Lets `body` append to the bytes.
    mutating func append(using scratch: LoopScratch, _ body: (inout [UInt8]) -> Void) {
        precondition(!endsInFile, "a file is sent before what comes after it is appended")
        if bytes.isEmpty { bytes = scratch.takeOutput() }
        body(&bytes)
    }

    /// Appends part of a file, which the kernel sends without a copy in this process.
    mutating func append(_ slice: HTTPFileSlice) {
        guard let file = slice.file as? OpenFile else {
            preconditionFailure("only files of \(OpenFile.self) can be sent: \(slice.file)")
        }
        guard !slice.range.isEmpty else { return }
        self.file = file
        fileRange = slice.range
    }

    enum Progress {
        case done
        case wouldBlock
        /// There is more, and the client may take it; but it is others' turn.
        case yields
    }

    /// Sends as much as the client takes now.
    /// - Throws: `SyscallError`, also when the file has become shorter than it was (EIO): what was promised cannot be
    ///   sent.
    mutating func send(to socket: Int32, _ scratch: LoopScratch) throws(SyscallError) -> Progress {
        while sent < bytes.count {
            guard case .bytes(let count) = try Syscalls.send(socket, bytes, from: sent, hasMore: endsInFile) else {
                shrink(scratch)
                return .wouldBlock
            }
            sent += count
        }
        if !bytes.isEmpty {
            sent = 0
            scratch.giveBack(&bytes)
            bytes = []
        }
        return try sendFile(to: socket)
    }

    private mutating func sendFile(to socket: Int32) throws(SyscallError) -> Progress {
        guard let file else { return .done }
        let end = min(fileRange.upperBound, fileRange.lowerBound + Self.fileBytesInTurn)
        while fileRange.lowerBound < end {
            let part = fileRange.lowerBound..<end
            guard case .bytes(let count) = try Syscalls.sendFile(socket, file.descriptor, part) else {
                return .wouldBlock
            }
            fileRange = (fileRange.lowerBound + count)..<fileRange.upperBound
        }
        guard fileRange.isEmpty else { return .yields }
        self.file = nil
        return .done
    }

    /// Moves the rest to an array of its own size when it is the lesser part: so moving stays linear.
    private mutating func shrink(_ scratch: LoopScratch) {
        guard bytes.count - sent < bytes.capacity / 2 else { return }
        var rest = Array(bytes[sent...])
        swap(&rest, &bytes)
        sent = 0
        scratch.giveBack(&rest)
    }
}
