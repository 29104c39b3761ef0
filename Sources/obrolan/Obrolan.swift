import ArgumentParser

/// The program: a chat server for people who trust each other.
@main
struct Obrolan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "obrolan",
        abstract: "A chat server that a class, a club, an office or a village runs on its own machine.",
        subcommands: [Serve.self], defaultSubcommand: Serve.self)
}

/// `obrolan serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the chat until SIGTERM or SIGINT.",
        discussion: "Each option can be given as an environment variable, too; the option wins.")

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let configuration = try Configuration(options, environment: Environment.variables)
        try await Server(configuration).run()
    }
}
