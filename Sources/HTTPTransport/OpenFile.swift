import HTTP
import NonblockingIO

/// An open file of `Public/`.
final class OpenFile: HTTPFile {
    let descriptor: OwnedDescriptor
    /// Whether that part can be sent without a wait for the disk.
    private let residency: @Sendable (OwnedDescriptor, Range<Int>) -> Bool

    private static let pieceSize = 256 * 1024
    /// How much is sent, and read from the disk where it has to be, at a time: about what the kernel takes for a client.
    static let partSize = 128 * 1024

    /// Opens a file for reading, but no symbolic link.
    init(
        path: String, residency: @escaping @Sendable (OwnedDescriptor, Range<Int>) -> Bool = OpenFile.isResident
    ) throws(SyscallError) {
        descriptor = try Syscalls.openFile(path)
        self.residency = residency
    }

    /// Whether that part of the file can be sent without a wait for the disk. Its first and its last byte are asked for:
    /// the kernel reads ahead and drops in longer runs.
    func isInMemory(_ part: Range<Int>) -> Bool { residency(descriptor, part) }

    @Sendable static func isResident(_ descriptor: OwnedDescriptor, _ part: Range<Int>) -> Bool {
        part.isEmpty
            || Syscalls.isCached(descriptor, at: part.lowerBound)
                && Syscalls.isCached(descriptor, at: part.upperBound - 1)
    }

    /// Reads that part of the file, so that the kernel has it in memory; on another thread than a loop's.
    /// An error is found, and told, by whoever sends the part.
    func load(_ part: Range<Int>) {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.partSize, alignment: 1)
        defer { piece.deallocate() }
        var position = part.lowerBound
        while position < part.upperBound {
            let wanted = UnsafeMutableRawBufferPointer(rebasing: piece[..<min(piece.count, part.upperBound - position)])
            do {
                let count = try Syscalls.read(descriptor, at: position, into: wanted)
                if count == 0 { return }
                position += count
            } catch {
                return
            }
        }
    }

    /// Reads all of it: what is in it, or the file itself when that is more than `limit` bytes, and what tells it from
    /// other content.
    func read(keepingUpTo limit: Int) throws(SyscallError) -> (StaticFile.Content, version: String) {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 1)
        defer { piece.deallocate() }
        var hash = ContentHash()
        var kept: [UInt8] = []
        var length = 0
        while true {
            let count = try Syscalls.read(descriptor, at: length, into: piece)
            if count == 0 { break }
            length += count
            let bytes = UnsafeRawBufferPointer(rebasing: piece[..<count])
            hash.combine(bytes)
            if length <= limit { kept.append(contentsOf: bytes) } else { kept = [] }
        }
        return (length <= limit ? .memory(HTTPSharedContent(kept)) : .file(self, length: length), hash.text)
    }
}
