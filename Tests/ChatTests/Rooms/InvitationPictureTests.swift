import HTTP
import NonblockingIO
import QRCode
import Testing

@testable import ChatWeb

/// `GET /join/ID/qr.svg` and the page that is put on a wall.
struct InvitationPictureTests {
    /// Whether `picture` is the code of that address.
    private static func isCode(_ picture: Response, of address: String) throws -> Bool {
        let code = try #require(QRCode(address))
        return picture.content == HTTPResponse.picture(of: code).content
    }

    @Test func `the picture is the address by which the reader came`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom(name: "kopi")
            for person in people {
                let picture = try await person.get("/join/\(room)/qr.svg")
                #expect(picture.status == 200)
                #expect(picture["content-type"] == "image/svg+xml")
                #expect(picture["x-content-type-options"] == "nosniff")
                #expect(picture["content-security-policy"]?.contains("default-src 'none'") == true)
                #expect(try Self.isCode(picture, of: "http://127.0.0.1:\(site.port)/join/\(room)"))
            }
            for host in ["chat.localhost", "localhost:8080", "192.168.0.7", "[::1]:81"] {
                let picture = try await site.exchange(
                    "GET /join/\(room)/qr.svg HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
                        + "Cookie: \(try #require(people[0].cookie))\r\n\r\n", method: "GET")
                #expect(try Self.isCode(picture, of: "http://\(host)/join/\(room)"), "\(host)")
            }
        }
    }

    @Test func `behind a proxy that ends TLS the address says so`() async throws {
        try await TestSite.with(trustedProxies: [try #require(IPNetwork("127.0.0.1"))]) { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for (fields, scheme) in [
                ([("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-Proto", "https")], "https"), ([], "http"),
            ] {
                let picture = try await alice.get("/join/\(room)/qr.svg", fields: fields)
                #expect(try Self.isCode(picture, of: "\(scheme)://127.0.0.1:\(site.port)/join/\(room)"))
                let poster = try await alice.get("/join/\(room)/poster", fields: fields)
                expectPage(poster, 200, "\(scheme)://127.0.0.1:\(site.port)/join/\(room)")
            }
        }
    }

    @Test func `a room that is not there has neither`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            for target in ["/join/999/qr.svg", "/join/999/poster", "/join/0/qr.svg", "/join/x/poster"] {
                #expect(try await alice.get(target).status == 404)
                try expectProblem(try await alice.get(target, as: .json), 404)
            }
        }
    }

    @Test func `the poster has the name, the picture, the address and the ID, also for members`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom(name: Escaping.hostile)
            for person in people {
                expectPage(
                    try await person.get("/join/\(room)/poster"), 200,
                    "<h1 dir=\"auto\">\(Escaping.escaped(Escaping.hostile))",
                    "src=\"/join/\(room)/qr.svg\"", "http://127.0.0.1:\(site.port)/join/\(room)", "Room ID: \(room)")
            }
        }
    }
}
