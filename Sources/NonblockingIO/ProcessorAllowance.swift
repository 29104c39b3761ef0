/// How much of the processors the control groups of this process leave to it (cgroups(7); the kernel's
/// admin-guide/cgroup-v2, "cpu.max", and scheduler/sched-bwc for version 1).
struct ProcessorAllowance {
    /// The text of a file; nil when there is none.
    let file: (String) -> String?

    private static let root = "/sys/fs/cgroup"

    /// That many processors, or fewer where a quota does not fill them: rounded up, and at least 1.
    func count(of processors: Int) -> Int {
        // More than there are is no limit; so the conversion cannot overflow.
        max(1, min(processors, Int(min(quotas.min() ?? .infinity, Double(processors)).rounded(.up))))
    }

    /// The quotas, in processors, of the process' group and of each above it. A container often sees its own group as the
    /// root, under a path that is the host's: what is not there sets no limit.
    private var quotas: [Double] {
        (file("/proc/self/cgroup") ?? "").split(separator: "\n").flatMap { line -> [Double] in
            // hierarchy-ID:controllers:path, where the path may have colons.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            let folders = Self.folders(String(parts[2]))
            if parts[0] == "0", parts[1].isEmpty {
                return folders.compactMap { file("\(Self.root)\($0)/cpu.max").flatMap(Self.quota(cpuMax:)) }
            }
            guard parts[1].split(separator: ",").contains("cpu") else { return [] }
            return ["cpu", String(parts[1])].flatMap { controller in
                folders.compactMap { folder in
                    let path = "\(Self.root)/\(controller)\(folder)/cpu.cfs_"
                    guard let quota = file(path + "quota_us"), let period = file(path + "period_us") else { return nil }
                    return Self.quota(quota, period)
                }
            }
        }
    }

    /// `/a/b` as `/a/b`, `/a` and the root, which is nothing.
    private static func folders(_ path: String) -> [String] {
        let names = path.split(separator: "/")
        return (0...names.count).reversed().map { count in names[..<count].map { "/" + $0 }.joined() }
    }

    /// Of `cpu.max`, which is the quota, or `max`, and the period: `150000 100000` is one and a half.
    static func quota(cpuMax: String) -> Double? {
        let parts = cpuMax.split(whereSeparator: \.isWhitespace)
        // The kernel says both always; the period alone may be left out in writing.
        guard let quota = parts.first else { return nil }
        return self.quota(String(quota), parts.count > 1 ? String(parts[1]) : "100000")
    }

    /// Of a quota and its period, each in microseconds; nil where the quota is `max` or -1, which is none, or either is no
    /// number.
    static func quota(_ quota: String, _ period: String) -> Double? {
        func number(_ text: String) -> Double? {
            Int64(text.filter { !$0.isWhitespace }).flatMap { $0 > 0 ? Double($0) : nil }
        }
        guard let quota = number(quota), let period = number(period) else { return nil }
        return quota / period
    }
}
