import FoundationEssentials
import Glibc

/// The only place that reads the environment.
enum Environment {
    static var variables: [String: String] { ProcessInfo.processInfo.environment }

    /// The machine's name, by gethostname(2); nil when it has none.
    static var machineName: String? {
        // HOST_NAME_MAX is 64, and no name in the DNS is longer than this.
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return nil }
        let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return name.isEmpty ? nil : name
    }
}
