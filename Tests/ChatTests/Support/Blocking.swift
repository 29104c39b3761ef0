import Foundation
import Glibc

/// Runs what blocks on a thread of its own, so that neither the tests' tasks nor the event loops wait behind it.
enum Blocking {
    /// What the kernel calls these threads, so that they can be told from those of the server.
    static let threadName = "test-client"

    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value, any Error>, Never>) in
            Thread.detachNewThread {
                nameThread()
                continuation.resume(returning: Result(catching: body))
            }
        }.get()
    }

    /// The name that the kernel knows, which Thread.name is not.
    private static func nameThread() {
        guard let comm = fopen("/proc/thread-self/comm", "w") else { return }
        fputs(threadName, comm)
        fclose(comm)
    }

    /// The threads of this process that are not these.
    static func otherThreadCount() throws -> Int {
        guard let listing = opendir("/proc/self/task") else { throw SystemError("opendir") }
        defer { closedir(listing) }
        var count = 0
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            // One that has ended meanwhile has no name any more.
            guard !name.hasPrefix("."), let comm = try? ProcessFile.lines("task/\(name)/comm").first else { continue }
            if comm != threadName { count += 1 }
        }
        return count
    }
}
