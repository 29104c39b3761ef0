import Glibc

/// The descriptors of this process.
enum Descriptors {
    /// How many it may have, by getrlimit(2).
    static var limit: Int {
        var limit = rlimit()
        // Fails only for a resource that does not exist.
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(exactly: limit.rlim_cur) ?? .max
    }

    /// How many it has now, by /proc/self/fd; where there is no /proc, the three that every program has.
    static var openCount: Int {
        guard let folder = opendir("/proc/self/fd") else { return 3 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            // Every name but `.` and `..` is a number.
            if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        // The one by which they are read is none of them.
        return count - 1
    }
}
