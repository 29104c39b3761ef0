import HTTP
import NonblockingIO

/// An open file of `Public/`.
final class OpenFile: HTTPFile {
    let descriptor: OwnedDescriptor

    private static let pieceSize = 256 * 1024

    /// Opens a file for reading, but no symbolic link.
    init(path: String) throws(SyscallError) {
        descriptor = try Syscalls.openFile(path)
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
        return (length <= limit ? .memory(kept) : .file(self, length: length), hash.text)
    }
}
