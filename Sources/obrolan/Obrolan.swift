import ArgumentParser
import Dispatch
import Glibc
import Logging

/// Where the process begins.
@main
enum Program {
    /// Runs the command on other threads. The main thread waits: with an asynchronous `main` it would end by pthread_exit(3),
    /// and what is left of it then keeps root's rights when all other threads give them up.
    static func main() {
        let end = DispatchSemaphore(value: 0)
        Task.detached {
            await Obrolan.main()
            end.signal()
        }
        end.wait()
    }
}

/// The program: a chat server for people who trust each other.
struct Obrolan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "obrolan",
        abstract: "A chat server that a class, a club, an office or a village runs on its own machine.",
        version: Version.text,
        subcommands: [Serve.self], defaultSubcommand: Serve.self)
}

/// `obrolan serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the chat until SIGTERM, SIGINT or SIGHUP; a second one ends it at once.",
        discussion: "Each option can be given as an environment variable, too; the option wins.")

    /// How long a log that nobody reads can hold up the program's end.
    private static let timeForLog: Duration = .seconds(1)

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let environment = Environment.variables
        let configuration = try Configuration(options, environment: environment)
        let redaction = Redaction(
            connectionString: configuration.databaseURL, passwords: environment["PGPASSWORD"].map { [$0] } ?? [])
        let log = ProgramLog(STDERR_FILENO, redaction: { redaction($0) })
        let level = configuration.logLevel
        LoggingSystem.bootstrap { ProgramLogHandler(label: $0, log: log, level: level) }
        let signals = StopSignals(log: log)
        do {
            try await StartUp(configuration, log: log, signals: signals).run()
        } catch {
            // Not by ArgumentParser, which writes to a pipe that nobody may read.
            log.append(text: "Error: \(error)")
            log.close(within: Self.timeForLog)
            throw ExitCode.failure
        }
        log.close(within: Self.timeForLog)
    }
}
