/// Which Obrolan this is: the one place that says so, for `--version` and for packages.
enum Version {
    static let text = "0.10.0"
}
