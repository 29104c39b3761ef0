import HTTP
import NonblockingIO

/// An open file of `Public/`.
final class OpenFile: HTTPFile {
    /// How the kernel's memory of a file is asked about and filled.
    struct Access: Sendable {
        /// Whether that part of the file can be sent without a wait for the disk.
        var isInMemory: @Sendable (OwnedDescriptor, Range<Int>) -> Bool
        /// Reads that part of the file, so that the kernel has it in memory; on another thread than a loop's. An error is
        /// found, and told, by whoever sends the part.
        var load: @Sendable (OwnedDescriptor, Range<Int>) -> Void

        /// The system's. The first and the last byte are asked for: the kernel reads ahead and drops in longer runs.
        static let system = Access(
            isInMemory: { file, part in
                part.isEmpty
                    || Syscalls.isCached(file, at: part.lowerBound) && Syscalls.isCached(file, at: part.upperBound - 1)
            },
            load: { file, part in
                let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: part.count, alignment: 1)
                defer { piece.deallocate() }
                var position = 0
                while position < piece.count {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: piece[position...])
                    do throws(SyscallError) {
                        let count = try Syscalls.read(file, at: part.lowerBound + position, into: rest)
                        if count == 0 { return }
                        position += count
                    } catch {
                        return
                    }
                }
            })
    }

    let descriptor: OwnedDescriptor
    private let access: Access

    private static let pieceSize = 256 * 1024
    /// How much is sent, and read from the disk where it has to be, at a time: about what the kernel takes for a client.
    static let partSize = 128 * 1024

    /// Opens a file for reading, but no symbolic link.
    init(path: String, access: Access = .system) throws(SyscallError) {
        descriptor = try Syscalls.openFile(path)
        self.access = access
    }

    /// Whether that part of the file can be sent without a wait for the disk.
    func isInMemory(_ part: Range<Int>) -> Bool { access.isInMemory(descriptor, part) }

    /// Has the kernel read that part of the file; on another thread than a loop's.
    func load(_ part: Range<Int>) { access.load(descriptor, part) }

    /// Reads all of it: what is in it, or the file itself when that is more than `limit` bytes, and what tells it from
    /// other content.
    func read(keepingUpTo limit: Int) throws(SyscallError) -> (StaticFile.Content, version: String) {
        var hash = ContentHash()
        var kept: [UInt8] = []
        var length = 0
        try readPieces { bytes in
            length += bytes.count
            hash.combine(bytes)
            if length <= limit { kept.append(contentsOf: bytes) } else { kept = [] }
        }
        return (length <= limit ? .memory(HTTPSharedContent(kept)) : .file(self, length: length), hash.text)
    }

    /// Reads all of it.
    func readAll() throws(SyscallError) -> [UInt8] {
        var content: [UInt8] = []
        try readPieces { content.append(contentsOf: $0) }
        return content
    }

    private func readPieces(_ body: (UnsafeRawBufferPointer) -> Void) throws(SyscallError) {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 1)
        defer { piece.deallocate() }
        var position = 0
        while true {
            let count = try Syscalls.read(descriptor, at: position, into: piece)
            if count == 0 { return }
            position += count
            body(UnsafeRawBufferPointer(rebasing: piece[..<count]))
        }
    }
}
