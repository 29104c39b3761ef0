import HTTP
import NonblockingIO

/// What a client has yet to take: bytes, and after them perhaps content that is sent from where it is, in memory or in
/// a file.
///
/// While a connection runs it borrows the loop's spare array, so that only a client that is slow to read owns one.
struct OutputBuffer {
    private var bytes: [UInt8] = []
    private var sent = 0
    /// The rest of the content that follows the bytes, in memory.
    private var content: ArraySlice<UInt8> = []
    private var isContentShared = false
    private var file: OpenFile?
    private var fileRange = 0..<0
    /// The part of the file that has just been read from the disk, and need not be asked for again.
    private var loadedPart: Range<Int>?

    /// Content of more bytes is sent from where it is, by one system call with its head, rather than copied behind it.
    private static let longestCopy = 4 * 1024
    /// How much is sent before other connections get their turn.
    private static let bytesInTurn = 1024 * 1024

    /// The bytes that are left, wherever they are.
    var count: Int { bytes.count - sent + content.count + fileRange.count }
    /// Whether nothing can be appended before all has been sent.
    var isSealed: Bool { !content.isEmpty || file != nil }
    /// The memory, in bytes, that is taken for this client alone.
    var ownByteCount: Int { bytes.capacity + (isContentShared ? 0 : content.count) }

    /// Lets `body` append to the bytes.
    mutating func append(using scratch: LoopScratch, _ body: (inout [UInt8]) -> Void) {
        precondition(!isSealed, "content is sent before what comes after it is appended")
        if bytes.isEmpty { bytes = scratch.takeOutput() }
        body(&bytes)
    }

    /// Appends a response, with the content that goes with it.
    mutating func append(
        _ response: HTTPResponse, requestMethod: HTTPMethod?, version: HTTPVersion, keepAlive: Bool,
        using scratch: LoopScratch
    ) {
        let sendsContent = HTTPSerializer.sendsContent(status: response.status, requestMethod: requestMethod)
        let content = response.contentInMemory
        let isCopied = !sendsContent || response.file != nil || content.count <= Self.longestCopy
        append(using: scratch) { bytes in
            if isCopied {
                HTTPSerializer.append(
                    response, requestMethod: requestMethod, version: version, keepAlive: keepAlive,
                    date: scratch.date, to: &bytes)
            } else {
                HTTPSerializer.appendHead(
                    response, framing: .length(content.count), requestMethod: requestMethod, version: version,
                    keepAlive: keepAlive, date: scratch.date, to: &bytes)
            }
        }
        guard sendsContent else { return }
        if let slice = response.file {
            append(slice)
        } else if !isCopied {
            self.content = content
            isContentShared = response.shared != nil
        }
    }

    /// Appends part of a file, which the kernel sends without a copy in this process.
    private mutating func append(_ slice: HTTPFileSlice) {
        guard let file = slice.file as? OpenFile else {
            preconditionFailure("only files of \(OpenFile.self) can be sent: \(slice.file)")
        }
        guard !slice.range.isEmpty else { return }
        self.file = file
        fileRange = slice.range
        loadedPart = nil
    }

    /// That part of the file is in memory now.
    mutating func noteLoaded(_ part: Range<Int>) { loadedPart = part }

    enum Progress {
        case done
        case wouldBlock
        /// There is more, and the client may take it; but it is others' turn.
        case yields
        /// What comes next is not in memory, and reading it from the disk would hold up the loop.
        case needs(OpenFile, Range<Int>)
    }

    /// Sends as much as the client takes now.
    /// - Throws: `SyscallError`, also when the file has become shorter than it was (EIO): what was promised cannot be
    ///   sent.
    mutating func send(to socket: Int32, _ scratch: LoopScratch) throws(SyscallError) -> Progress {
        var room = Self.bytesInTurn
        while sent < bytes.count || !content.isEmpty {
            guard room > 0 else { return .yields }
            let result =
                content.isEmpty
                ? try Syscalls.send(socket, bytes, from: sent, hasMore: isSealed)
                : try Syscalls.send(socket, bytes[sent...], content.prefix(room))
            guard case .bytes(let count) = result else {
                shrink(scratch)
                return .wouldBlock
            }
            room -= count
            advance(by: count)
        }
        if !bytes.isEmpty {
            sent = 0
            scratch.giveBack(&bytes)
            bytes = []
        }
        return try sendFile(to: socket)
    }

    private mutating func advance(by count: Int) {
        let ofBytes = min(count, bytes.count - sent)
        sent += ofBytes
        guard count > ofBytes else { return }
        content = content.dropFirst(count - ofBytes)
        // Lets go of the array, which an empty part of it would keep.
        if content.isEmpty { content = [] }
    }

    private mutating func sendFile(to socket: Int32) throws(SyscallError) -> Progress {
        guard let file else { return .done }
        let turn = min(fileRange.upperBound, fileRange.lowerBound + Self.bytesInTurn)
        while fileRange.lowerBound < turn {
            var end = min(turn, fileRange.lowerBound + OpenFile.partSize)
            if let loadedPart, loadedPart.contains(fileRange.lowerBound) {
                end = min(end, loadedPart.upperBound)
            } else if !file.isInMemory(fileRange.lowerBound..<end) {
                return .needs(file, fileRange.lowerBound..<end)
            }
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
