import Glibc
import NonblockingIO

/// Why the address cannot be listened on, in a sentence.
struct PortProblem: CustomStringConvertible {
    let description: String

    init(_ error: SyscallError, at address: SocketAddress) {
        let advice =
            switch error.errno {
            case EADDRINUSE:
                "another program listens there: stop it, or choose another port by --port"
            case EACCES:
                "ports below \(Self.firstUnprivilegedPort) are for root: start as root, which the program gives up then, or "
                    + "with the capability CAP_NET_BIND_SERVICE, or choose another port by --port"
            case EADDRNOTAVAIL:
                "this machine has no such address: choose one that `ip address` shows, or 0.0.0.0 or :: for all, by --host"
            case EAFNOSUPPORT: "this machine has no such kind of addresses: choose another one by --host"
            default: "choose another address by --host or --port"
            }
        description = "cannot listen on \(address): \(String(cString: strerror(error.errno))); \(advice)"
    }

    /// By `ip_unprivileged_port_start` (ip(7)), which is 1024 unless somebody has changed it.
    private static var firstUnprivilegedPort: Int {
        guard let file = fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "r") else { return 1024 }
        defer { fclose(file) }
        var number = 0
        while case let byte = fgetc(file), (48...57).contains(byte) { number = number * 10 + Int(byte) - 48 }
        return number > 0 ? min(number, 65_536) : 1024
    }
}
