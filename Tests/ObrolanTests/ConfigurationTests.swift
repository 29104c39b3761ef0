import ArgumentParser
import HTTP
import HTTPTransport
import Logging
import NonblockingIO
import Testing

@testable import obrolan

struct ConfigurationTests {
    private static func configuration(_ arguments: [String], _ environment: [String: String] = [:]) throws
        -> Configuration
    {
        try Configuration(ServeOptions.parse(arguments), environment: environment)
    }

    /// Each limit's option, the value of its default, and where it ends up.
    private static let limits: [(name: String, standard: Int, value: @Sendable (ServerLimits) -> Int)] = [
        ("max-connections", 20_000, { $0.maxConnections }),
        ("max-target", 8_192, { $0.http.maxTargetLength }),
        ("max-fields", 100, { $0.http.maxFieldCount }),
        ("max-fields-size", 16_384, { $0.http.maxFieldsSize }),
        ("max-content", 65_536, { $0.http.maxContentLength }),
        ("max-pipelined", 65_536, { $0.maxPendingInput }),
        ("head-timeout", 10, { Int($0.headTimeout / .seconds(1)) }),
        ("content-timeout", 20, { Int($0.contentTimeout / .seconds(1)) }),
        ("write-timeout", 30, { Int($0.writeTimeout / .seconds(1)) }),
        ("idle-timeout", 75, { Int($0.idleTimeout / .seconds(1)) }),
        ("min-transfer-rate", 500, { $0.minTransferRate }),
    ]

    @Test(arguments: limits.indices)
    func `a limit is its option, else its variable, else its default`(index: Int) throws {
        let (name, standard, value) = Self.limits[index]
        let variable = "OBROLAN_" + name.uppercased().replacing("-", with: "_")
        #expect(value(try Self.configuration([]).limits) == standard)
        #expect(value(try Self.configuration([], [variable: "2000"]).limits) == 2000)
        #expect(value(try Self.configuration(["--\(name)", "3000"], [variable: "2000"]).limits) == 3000)
        #expect(ServeOptions.helpMessage().contains("[\(variable)]"))
        #expect(ServeOptions.helpMessage().contains("(default: \(standard))"))
    }

    @Test(arguments: ["0", "-1", "+5", "1e3", "abc", "99999999999999999999"])
    func `a limit that is no sensible number is refused`(text: String) {
        for (name, _, _) in Self.limits {
            #expect(throws: ValidationError.self) { try Self.configuration(["--\(name)=\(text)"]) }
        }
    }

    @Test(arguments: [
        ["--port", "65536"], ["--host", "example"], ["--log-level", "loud"], ["--secure-cookies", "maybe"],
        ["--event-loops", "0"], ["--trusted-proxies", "10.0.0.1/8"], ["--trusted-proxies", "proxy.example"],
        ["--edit-window=-1"], ["--edit-window", "+1"], ["--edit-window", "1e3"], ["--edit-window", "inf"],
        ["--edit-window", "1,5"], ["--edit-window", ""], ["--edit-window", "525601"],
        ["--allowed-hosts", "http://chat.example"], ["--allowed-hosts", "a.example,b.example:8080"],
    ])
    func `another setting that makes no sense is refused`(arguments: [String]) {
        #expect(throws: ValidationError.self) { try Self.configuration(arguments) }
    }

    @Test func `how long messages may be edited is in minutes and takes a fraction`() throws {
        #expect(try Self.configuration([]).editWindow == .seconds(900))
        for (minutes, seconds) in [("0", 0), ("0.05", 3), ("525600", 31_536_000)] {
            #expect(try Self.configuration(["--edit-window", minutes]).editWindow == .seconds(seconds))
        }
        #expect(try Self.configuration([], ["OBROLAN_EDIT_WINDOW": "2.5"]).editWindow == .seconds(150))
    }

    @Test func `hosts are allowed by the option, else by the variable, else none but our own`() throws {
        let variable = ["OBROLAN_ALLOWED_HOSTS": " a.example , *.b.example,"]
        #expect(try Self.configuration([]).allowedHosts == [])
        #expect(try Self.configuration([], variable).allowedHosts == ["a.example", "*.b.example"])
        #expect(try Self.configuration(["--allowed-hosts", "*"], variable).allowedHosts == ["*"])
    }

    @Test func `the machine has a name, without the zeros after it`() throws {
        let name = try #require(Environment.machineName)
        #expect(!name.isEmpty && !name.utf8.contains(0))
    }

    @Test(arguments: ["tcp://10.96.0.17:8080", "udp://10.96.0.17:8080", "sctp://10.96.0.17:8080"])
    func `what Kubernetes sets for a Service is no setting, and is told of`(value: String) throws {
        let environment = [
            "OBROLAN_PORT": value, "OBROLAN_LOG_LEVEL": value, "OBROLAN_PORT_8080_TCP": value,
            "OBROLAN_SERVICE_HOST": "10.96.0.17", "OBROLAN_HOST": "::1",
        ]
        let configuration = try Self.configuration([], environment)
        #expect("\(configuration.address)" == "[::1]:8080")
        #expect(configuration.logLevel == .notice)
        #expect(configuration.warnings.map { $0.prefix { $0 != "=" } } == ["OBROLAN_LOG_LEVEL", "OBROLAN_PORT"])
        #expect(try Self.configuration(["--port", "81"], environment).address.port == 81)
    }

    /// As a unit's `Environment=` or a compose file leaves it that has no value for it.
    @Test func `a variable that is set to nothing is not set`() throws {
        let environment = ["DATABASE_URL": "", "OBROLAN_DATA_DIR": "", "OBROLAN_PORT": "", "OBROLAN_EVENT_LOOPS": ""]
        let configuration = try Self.configuration([], environment)
        #expect(configuration.databaseURL == nil)
        #expect(configuration.dataDirectory == ".data")
        #expect(configuration.address.description == "127.0.0.1:8080")
        #expect(configuration.eventLoops >= 1)
    }

    @Test func `other nonsense in a variable is refused as it is on the command line`() {
        #expect(throws: ValidationError.self) { try Self.configuration([], ["OBROLAN_PORT": "http"]) }
        #expect(throws: ValidationError.self) { try Self.configuration(["--port", "tcp://10.96.0.17:8080"]) }
    }
}
