import ArgumentParser

/// Looks a setting up on the command line, then in the environment.
struct GivenSettings {
    let environment: [String: String]

    /// - Parameter option: as it was given on the command line, if it was.
    /// - Throws: `ValidationError` that names the setting, for a value that makes no sense.
    func value<Value>(of setting: Setting<Value>, _ option: String?) throws -> Value {
        guard let text = option ?? variable(setting.variable) else { return setting.standard }
        guard let value = setting.read(text) else {
            throw ValidationError("\(setting.name) must be \(setting.expected); it is \(text)")
        }
        return value
    }

    /// One that is set to nothing counts as not set, and so does one that Kubernetes sets.
    private func variable(_ name: String) -> String? {
        guard let value = environment[name], !value.isEmpty, !Self.isOfKubernetes(name, value) else { return nil }
        return value
    }

    /// Kubernetes tells every container of a Service named `obrolan` by variables such as `OBROLAN_PORT`, whose value is
    /// `tcp://10.96.0.17:8080` ("Service", "Discovering services"): no setting of ours looks like that.
    private static func isOfKubernetes(_ variable: String, _ value: String) -> Bool {
        variable.hasPrefix("OBROLAN_") && ["tcp://", "udp://", "sctp://"].contains { value.hasPrefix($0) }
    }

    /// A sentence for each of our variables that is not heeded, although it is no setting's fault.
    var ignored: [String] {
        Settings.all.map(\.variable).sorted().compactMap { name in
            guard let value = environment[name], Self.isOfKubernetes(name, value) else { return nil }
            return "\(name)=\(value) is ignored: Kubernetes sets it for a Service of that name, and it is no setting"
        }
    }
}
