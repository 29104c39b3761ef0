internal import Glibc

/// The hosts of a connection string, in the order in which they are tried (libpq, "Specifying Multiple Hosts").
struct HostList {
    struct Host: Equatable {
        /// A name, an address or a socket's folder; empty for libpq's default.
        var name: String
        /// The address to use for the name, empty when libpq makes it of the name.
        var address: String
        /// Empty for the default.
        var port: String

        /// Whether libpq would ask a name server: neither an address nor a folder (`/`) nor an abstract socket (`@`).
        var needsResolving: Bool {
            guard address.isEmpty, let first = name.first, first != "/", first != "@" else { return false }
            // Only an IPv6 address has a colon, and it may have a zone.
            if name.contains(":") { return false }
            var binary = in_addr()
            return inet_pton(AF_INET, name, &binary) != 1
        }
    }

    let hosts: [Host]

    /// - Throws: `PostgresConnectionStringError` when the lists do not fit each other.
    init(_ string: ConnectionString) throws(PostgresConnectionStringError) {
        func list(_ keyword: String) -> [String] {
            let value = string.valueOrDefault(of: keyword)
            return value.isEmpty ? [] : value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let (names, addresses, ports) = (list("host"), list("hostaddr"), list("port"))
        let count = max(names.count, addresses.count)
        guard (names.isEmpty || names.count == count) && (addresses.isEmpty || addresses.count == count) else {
            throw PostgresConnectionStringError(
                description: "The database's connection string has another number of hosts than of addresses.")
        }
        guard ports.count <= 1 || ports.count == count else {
            throw PostgresConnectionStringError(
                description: "The database's connection string has another number of ports than of hosts.")
        }
        hosts = (0..<count).map { index in
            Host(
                name: names.isEmpty ? "" : names[index], address: addresses.isEmpty ? "" : addresses[index],
                port: ports.count == count ? ports[index] : ports.first ?? "")
        }
    }

    /// The names that libpq would ask a name server for.
    var names: [String] {
        hosts.filter(\.needsResolving).map(\.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Each host as often as it has addresses; without those that have none.
    func resolved(_ addresses: (String) -> [String]) -> [Host] {
        hosts.flatMap { host in
            guard host.needsResolving else { return [host] }
            return addresses(host.name).map { Host(name: host.name, address: $0, port: host.port) }
        }
    }
}
