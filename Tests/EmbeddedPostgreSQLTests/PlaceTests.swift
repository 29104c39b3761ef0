import Glibc
import Testing

@testable import EmbeddedPostgreSQL

/// Data directories at difficult places.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct PlaceTests {
    @Test(.enabled(if: geteuid() == 0, "an ordinary user can reach its own directory"))
    func `a data directory that the server's user cannot enter gets a link`() async throws {
        try await TestDirectory.with(mode: 0o700) { directory in
            let embedded = directory.embedded()
            try await embedded.start()
            let target = try FileSystem.linkTarget(directory.cluster)
            #expect(target.hasPrefix("/var/lib/obrolan/"))
            #expect(try answer("create table kept as select 42 as n", embedded.connectionString) != nil)
            try await embedded.stop()

            try await embedded.start()
            #expect(try answer("select n from kept", embedded.connectionString) == "42")

            // A copy has the same link, so it must not get at the cluster while the original uses it.
            try directory.run("cp", "-a", directory.dataDirectory, "\(directory.path)/copy")
            let copy = directory.embedded("\(directory.path)/copy")
            await #expect(throws: EmbeddedPostgreSQLError.dataDirectoryInUse(path: target, pid: getpid())) {
                try await copy.start()
            }
            try await embedded.stop()
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root's clusters are outside the data directory"))
    func `a data directory deleted and made anew starts empty and leaves the former cluster alone`() async throws {
        try await TestDirectory.with(mode: 0o700) { directory in
            let embedded = directory.embedded()
            try await embedded.start()
            #expect(try answer("create table former as select 1 as n", embedded.connectionString) != nil)
            try await embedded.stop()
            let former = try FileSystem.linkTarget(directory.cluster)
            try directory.run("rm", "-r", directory.dataDirectory)

            try await embedded.start()
            #expect(try FileSystem.linkTarget(directory.cluster) == "\(former)-2")
            #expect(try answer("select to_regclass('former') is null", embedded.connectionString) == "t")
            try await embedded.stop()
            #expect(try exists("\(former)/PG_VERSION"))
            try directory.run("rm", "-r", former, "\(former).lock")
        }
    }

    @Test func `a path too long for a socket`() async throws {
        try await TestDirectory.with { directory in
            let long = directory.path + String(repeating: "/0123456789", count: 12)
            let socket = "/tmp/obrolan-\(FileSystem.stableName("\(long)/postgresql"))"
            let embedded = directory.embedded(long)
            try await embedded.start()
            #expect(embedded.connectionString.hasPrefix("host='\(socket)' "))
            #expect(try answer("select 1", embedded.connectionString) == "1")
            try await embedded.stop()
            #expect(try exists("\(long)/postgresql/PG_VERSION"))

            try await embedded.start()
            #expect(try answer("select 1", embedded.connectionString) == "1")
            try await embedded.stop()
            #expect(rmdir(socket) == 0, "the socket is gone")
        }
    }

    @Test(arguments: [("quote", #"it's here\there"#), ("comma", "a,b c"), ("unicode", "obrolan-ékö-聊天")])
    func `a path with unusual characters`(_ row: (name: String, folder: String)) async throws {
        try await TestDirectory.with { directory in
            let path = "\(directory.path)/\(row.folder)"
            let embedded = directory.embedded(path)
            try await embedded.start()
            #expect(try answer("select 1", embedded.connectionString) == "1")
            try await embedded.stop()
            if !SocketDirectory.isUsable(path) {
                #expect(rmdir("/tmp/obrolan-\(FileSystem.stableName("\(path)/postgresql"))") == 0)
            }
        }
    }

    @Test func `something else in the cluster's place is left alone`() async throws {
        try await TestDirectory.with { directory in
            try directory.run("mkdir", "-p", directory.cluster)
            try directory.write("precious", to: "\(directory.cluster)/notes")
            let notACluster = EmbeddedPostgreSQLError.notACluster(path: directory.cluster)
            await #expect(throws: notACluster) { try await directory.embedded().start() }
            #expect(try FileSystem.text("\(directory.cluster)/notes") == "precious")

            try directory.run("rm", "-r", directory.cluster)
            try directory.write("precious", to: directory.cluster)
            await #expect(throws: notACluster) { try await directory.embedded().start() }
            #expect(try FileSystem.text(directory.cluster) == "precious")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a cluster away"))
    func `as root a cluster of root is refused and one of another user is run by that user`() async throws {
        try await TestDirectory.with { directory in
            let embedded = directory.embedded()
            try await embedded.start()
            try await embedded.stop()
            try directory.run("chown", "-R", "root", directory.cluster)
            await #expect(
                throws: EmbeddedPostgreSQLError.foreignOwner(path: directory.cluster, owner: "root", user: "root")
            ) { try await embedded.start() }

            try directory.run("chown", "-R", "nobody", directory.cluster)
            try await embedded.start()
            let pid = try #require(try directory.pid())
            let process = try #require(try FileSystem.status("/proc/\(pid)"))
            #expect(process.st_uid == SystemUser.named("nobody")?.uid)
            try await embedded.stop()

            #expect(chmod(directory.path, 0o700) == 0)
            await #expect(
                throws: EmbeddedPostgreSQLError.unreachable(path: directory.cluster, user: "nobody")
            ) { try await embedded.start() }
        }
    }

    @Test(arguments: [("line break", "a\nb"), ("delete", "a\u{7f}")])
    func `a control character in the path is refused`(_ row: (name: String, folder: String)) async throws {
        try await TestDirectory.with { directory async throws in
            let path = "\(directory.path)/\(row.folder)"
            await #expect(throws: EmbeddedPostgreSQLError.invalidPath(path: path)) {
                try await directory.embedded(path).start()
            }
            #expect(try !exists(path))
        }
    }
}
