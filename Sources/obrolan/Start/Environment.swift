import FoundationEssentials

/// The only place that reads the environment.
enum Environment {
    static var variables: [String: String] { ProcessInfo.processInfo.environment }
}
