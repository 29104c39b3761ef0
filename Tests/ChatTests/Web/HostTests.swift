import Testing

@testable import ChatWeb

/// Which hosts are ours.
struct HostTests {
    @Test(arguments: [
        "127.0.0.1", "127.0.0.1:8080", "192.168.1.5:80", "255.255.255.255", "[::1]", "[::1]:8080", "[2001:db8::7]:443",
        "localhost", "LocalHost:8080", "localhost.", "chat.localhost", "a.b.localhost:1", "kantor", "KANTOR:8080",
        "kantor.",
        "kantor.local", "Kantor.Local.", "kantor.example.org", "chat.example.com", "CHAT.example.com.:443",
        "a.lan.example",
        "b.a.lan.example",
    ])
    func `an address, localhost, the machine's name and what is allowed are ours`(_ host: String) {
        let hosts = OwnHosts(
            allowed: ["Chat.Example.com", "*.lan.example", "other.example."], machineName: "Kantor.example.org")
        #expect(hosts.contains(host))
        #expect(hosts.contains("other.example"))
    }

    @Test(arguments: [
        "evil.example", "evil.example:8080", "chat.example.com.evil.example", "chat.example.com.evil",
        "xchat.example.com",
        "lan.example", "xlan.example", ".lan.example", "localhost.evil.example", "xlocalhost", ".localhost",
        "kantor.lan",
        "1.2.3.4.evil.example", "1.2.3.256", "1.2.3", "1.2.3.4.5", "0x7f000001", "1.2.3.", "a.1.2.3.4", "[v1.x]",
        "[V1.x]:80",
        "chat%2Eexample.com", "example.com",
    ])
    func `any other is not`(_ host: String) {
        let hosts = OwnHosts(allowed: ["chat.example.com", "*.lan.example"], machineName: "kantor.example.org")
        #expect(!hosts.contains(host))
        #expect(OwnHosts(allowed: ["*"]).contains(host))
    }

    @Test func `no host is ours: no browser leaves it out`() {
        #expect(OwnHosts().contains(nil))
        #expect(OwnHosts().contains(""))
    }

    @Test(arguments: [
        "", "http://chat.example", "chat.example:8080", "chat/", "*.", "**", "a*.example", "a b", "[::1]",
    ])
    func `what is no name cannot be allowed`(_ name: String) {
        #expect(!OwnHosts.isName(name))
    }

    private static let forms: [(name: String, request: String)] = [
        ("page", "GET / HTTP/1.1\r\nHost: evil.example\r\n"),
        ("file", "GET /css/style.css HTTP/1.1\r\nHost: evil.example:8080\r\n"),
        ("health", "GET /healthz HTTP/1.1\r\nHost: evil.example\r\nAccept: application/json\r\n"),
        ("nowhere", "GET /nowhere HTTP/1.1\r\nHost: evil.example\r\n"),
        ("HEAD", "HEAD / HTTP/1.1\r\nHost: evil.example\r\n"),
        ("OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: evil.example\r\n"),
        ("absolute target", "GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"),
        ("HTTP/1.0", "GET / HTTP/1.0\r\nHost: evil.example\r\n"),
        (
            "a log-in with a fitting origin",
            "POST /login HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\nSec-Fetch-Site: same-origin\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 14\r\n"
        ),
    ]

    @Test(arguments: forms.indices) func `a request for another host gets nothing`(_ index: Int) async throws {
        let (name, head) = Self.forms[index]
        let lines = Lines()
        try await TestSite.with(refusals: RefusalLog { lines.add($0) }) { site in
            _ = try await site.person("alice")
            let method = String(head.prefix { $0 != " " })
            let content = method == "POST" ? "username=alice" : ""
            for _ in 0..<3 {
                let response = try await site.exchange("\(head)Connection: close\r\n\r\n\(content)", method: method)
                #expect(response.status == 421, "\(name)")
                #expect(response["set-cookie"] == nil && response["obrolan"] == "1")
                if method != "HEAD" { #expect(response.contains("--allowed-hosts")) }
            }
            #expect(try await site.int("SELECT count(*) FROM sessions") == 1)
            #expect(lines.all.count == 1, "told once: \(lines.all)")
            #expect(lines.all[0].contains("evil.example") && lines.all[0].contains("--allowed-hosts"))
        }
    }

    @Test func `a request for a host that is allowed is answered, and one that names none`() async throws {
        try await TestSite.with(hosts: OwnHosts(allowed: ["chat.example"])) { site in
            for head in [
                "GET / HTTP/1.1\r\nHost: chat.example\r\n", "GET /css/style.css HTTP/1.1\r\nHost: Chat.example:80\r\n",
                "GET http://chat.example/ HTTP/1.1\r\nHost: evil.example\r\n", "GET /healthz HTTP/1.0\r\n",
            ] {
                let response = try await site.exchange("\(head)Connection: close\r\n\r\n", method: "GET")
                #expect(response.status == 200, "\(head)")
            }
        }
    }
}
