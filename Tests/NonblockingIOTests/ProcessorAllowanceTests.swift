import Glibc
import Testing

@testable import NonblockingIO

struct ProcessorAllowanceTests {
    struct Row: Sendable {
        let name: String
        let files: [String: String]
        let processors: Int
        let expected: Int
    }

    private static let version2 = "0::/system.slice/obrolan.service\n"
    private static let service = "/sys/fs/cgroup/system.slice/obrolan.service/cpu.max"
    private static let version1 = "12:memory:/docker/ab\n4:cpu,cpuacct:/docker/ab\n"

    @Test(arguments: [
        Row(name: "no control groups", files: [:], processors: 8, expected: 8),
        Row(
            name: "no quota", files: ["/proc/self/cgroup": version2, service: "max 100000\n"], processors: 8,
            expected: 8),
        Row(
            name: "a quota is rounded up", files: ["/proc/self/cgroup": version2, service: "150000 100000\n"],
            processors: 8, expected: 2),
        Row(
            name: "a small quota is one", files: ["/proc/self/cgroup": version2, service: "1000 100000\n"],
            processors: 8, expected: 1),
        Row(
            name: "a quota beyond what there is", files: ["/proc/self/cgroup": version2, service: "900000 100000\n"],
            processors: 2, expected: 2),
        Row(
            name: "the quota of a group above",
            files: [
                "/proc/self/cgroup": version2, service: "max 100000\n",
                "/sys/fs/cgroup/system.slice/cpu.max": "300000 100000\n",
            ], processors: 8, expected: 3),
        Row(
            name: "a container that sees its group as the root",
            files: ["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "200000 100000\n"], processors: 8,
            expected: 2),
        Row(
            name: "a container with the host's path",
            files: ["/proc/self/cgroup": version2, "/sys/fs/cgroup/cpu.max": "200000 100000\n"], processors: 8,
            expected: 2),
        Row(
            name: "version 1",
            files: [
                "/proc/self/cgroup": version1, "/sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.cfs_quota_us": "250000\n",
                "/sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.cfs_period_us": "100000\n",
            ], processors: 8, expected: 3),
        Row(
            name: "version 1 with the host's path",
            files: [
                "/proc/self/cgroup": version1, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "100000\n",
                "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "50000\n",
            ], processors: 8, expected: 2),
        Row(
            name: "version 1 without a quota",
            files: [
                "/proc/self/cgroup": version1, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            ], processors: 8, expected: 8),
        Row(
            name: "nonsense", files: ["/proc/self/cgroup": "0::/\nx\n::\n", "/sys/fs/cgroup/cpu.max": "a b c\n"],
            processors: 4, expected: 4),
        Row(
            name: "a quota of nothing and a period of nothing",
            files: ["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "0 0\n"], processors: 4, expected: 4),
        Row(
            name: "the largest numbers",
            files: ["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "\(Int64.max) 1\n"], processors: 4,
            expected: 4),
    ])
    func `the processors are those that the control groups leave`(row: Row) {
        #expect(ProcessorAllowance(file: { row.files[$0] }).count(of: row.processors) == row.expected)
    }

    @Test func `the processors are those that this process may run on`() throws {
        let affinity = try #require(
            try? String(contentsOfFile: "/proc/self/status").split(separator: "\n")
                .first { $0.hasPrefix("Cpus_allowed:") })
        let allowed = affinity.split(separator: "\t")[1].compactMap { $0.hexDigitValue?.nonzeroBitCount }.reduce(0, +)
        #expect((1...allowed).contains(Syscalls.processorCount))
    }

    @Test func `descriptors are counted as they are opened and closed`() throws {
        // Other tests of this process open and close some meanwhile: so many that this is more.
        let before = try Syscalls.openDescriptorCount()
        var mine: [OwnedDescriptor] = []
        for _ in 0..<2000 { mine.append(OwnedDescriptor(try Syscalls.makeEvent())) }
        #expect(try Syscalls.openDescriptorCount() > before + 1000)
        #expect(Syscalls.descriptorLimit > 2000)
        withExtendedLifetime(mine) {}
    }
}

extension String {
    /// A small file of the system.
    fileprivate init(contentsOfFile path: String) throws {
        let file = try Syscalls.openFile(path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { buffer.deallocate() }
        let count = try Syscalls.read(file, at: 0, into: buffer)
        self.init(decoding: buffer[..<count], as: UTF8.self)
    }
}
