import Glibc

/// What the kernel tells of this process in files that have no size.
enum ProcessFile {
    /// The lines of the file of that name in `/proc/self`.
    static func lines(_ name: String) throws -> [String] {
        guard let file = fopen("/proc/self/\(name)", "r") else { throw SystemError("fopen") }
        defer { fclose(file) }
        var lines: [String] = []
        var line = [CChar](repeating: 0, count: 1024)
        while fgets(&line, Int32(line.count), file) != nil {
            let bytes = line.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:))
            lines.append(String(decoding: bytes, as: UTF8.self))
        }
        return lines
    }
}
