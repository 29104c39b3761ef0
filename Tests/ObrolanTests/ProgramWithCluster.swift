import Glibc

/// The program itself, as a process with a data directory of its own and a private cluster.
struct ProgramWithCluster {
    let directory: String
    let pid: pid_t

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts it, calls `body`, and leaves neither a process nor a file of it.
    static func with(_ options: [String], _ body: (ProgramWithCluster) async throws -> Void) async throws {
        var template = Array("/tmp/obrolan-program-XXXXXX".utf8CString)
        // The server's user has to pass through.
        guard mkdtemp(&template) != nil, chmod(template, 0o711) == 0 else { throw Failure(description: "mkdtemp") }
        let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let program = ProgramWithCluster(directory: directory, pid: try spawn(options, directory))
        do {
            try await body(program)
        } catch {
            program.remove()
            throw error
        }
        program.remove()
    }

    /// Starts it once more on the same data, after its end, and calls `body`.
    func again(_ options: [String], _ body: (ProgramWithCluster) async throws -> Void) async throws {
        let program = ProgramWithCluster(directory: directory, pid: try Self.spawn(options, directory))
        defer {
            kill(program.pid, SIGKILL)
            waitpid(program.pid, nil, 0)
        }
        try await body(program)
    }

    /// The port, as soon as it serves.
    func port() async throws -> UInt16 {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let line = text("out").split(separator: "\n").first { $0.hasPrefix("Obrolan serves on ") }
            if let port = line?.split(separator: ":").last.flatMap({ UInt16($0) }) { return port }
            guard exitStatus() == nil, ContinuousClock.now < deadline else {
                throw Failure(description: "it does not serve: \(text("err"))")
            }
            await Task.yield()
        }
    }

    /// Its exit status, or 128 plus the signal that ended it, within the time; nil when it still runs.
    func end(within limit: Duration) async -> Int32? {
        let deadline = ContinuousClock.now + limit
        while true {
            if let status = exitStatus() { return status }
            if ContinuousClock.now >= deadline { return nil }
            await Task.yield()
        }
    }

    /// The processes that it, and what it has started, have started, the youngest first.
    func descendants() throws -> [pid_t] {
        let parents = try Self.processes().compactMap { pid -> (pid: pid_t, parent: pid_t)? in
            // "pid (name) state parent ...", and the name may hold anything; nil when it has ended meanwhile.
            guard let stat = Self.read("/proc/\(pid)/stat"), let name = stat.lastIndex(of: ")") else { return nil }
            return stat[name...].split(separator: " ").dropFirst(2).first.flatMap { pid_t($0) }.map { (pid, $0) }
        }
        var found = [pid]
        var next = 0
        while next < found.count {
            found += parents.filter { $0.parent == found[next] }.map(\.pid)
            next += 1
        }
        return found.dropFirst().reversed()
    }

    /// The command lines of processes that were started for its directory, and run.
    func left() throws -> [String] {
        try Self.processes().compactMap { Self.read("/proc/\($0)/cmdline") }.filter { $0.contains(directory) }
    }

    func text(_ name: String) -> String { Self.read("\(directory)/\(name)") ?? "" }

    // MARK: Parts

    private static func spawn(_ options: [String], _ directory: String) throws -> pid_t {
        // Beside the tests.
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &path, path.count)
        let test = String(decoding: path[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let program = test.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/obrolan"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, name) in [(STDOUT_FILENO, "out"), (STDERR_FILENO, "err")] {
            let flags = O_WRONLY | O_CREAT | O_TRUNC
            posix_spawn_file_actions_addopen(&actions, descriptor, "\(directory)/\(name)", flags, 0o600)
        }
        let words = [program, "serve", "--port", "0", "--data-dir", "\(directory)/data"] + options
        let arguments = words.map { strdup($0) } + [nil]
        let environment = [strdup("PATH=\(getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin")"), nil]
        defer { for string in arguments + environment { free(string) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, program, &actions, nil, arguments, environment)
        guard code == 0 else { throw Failure(description: "\(program): \(String(cString: strerror(code)))") }
        return pid
    }

    /// Of our child, which stays to be asked.
    private func exitStatus() -> Int32? {
        var info = siginfo_t()
        guard waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info._sifields._sigchld.si_pid == pid
        else { return nil }
        let status = info._sifields._sigchld.si_status
        return info.si_code == CLD_EXITED ? status : 128 + status
    }

    private func remove() {
        // What a failed test has left: the server first, so that nobody starts it anew.
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        if let server = Self.read("\(directory)/data/postgresql/postmaster.pid")?.split(separator: "\n").first
            .flatMap({ pid_t($0) }), Self.read("/proc/\(server)/cmdline")?.contains(directory) == true
        {
            kill(server, SIGQUIT)
        }
        var remover: pid_t = 0
        let command: [String] = ["rm", "-rf", "--", directory]
        let words = command.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        if posix_spawnp(&remover, "rm", nil, nil, words, environ) == 0 { waitpid(remover, nil, 0) }
    }

    private static func processes() throws -> [pid_t] {
        guard let listing = opendir("/proc") else { throw Failure(description: "/proc cannot be read") }
        defer { closedir(listing) }
        var found: [pid_t] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let pid = pid_t(name) { found.append(pid) }
        }
        return found
    }

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
            bytes += chunk[..<count]
        }
    }
}

/// One request on a connection of its own, sent at once; its answer is read when somebody asks.
final class RawRequest {
    private let descriptor: Int32

    init(
        _ method: String, _ target: String, port: UInt16, cookie: String? = nil, form: String? = nil,
        accept: String = "application/json"
    ) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        var limit = timeval(tv_sec: 40, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1", "Accept: \(accept)", "Connection: close"]
        if let cookie { lines.append("Cookie: \(cookie)") }
        if let form {
            lines += ["Content-Type: application/x-www-form-urlencoded", "Content-Length: \(form.utf8.count)"]
        }
        let text = lines.joined(separator: "\r\n") + "\r\n\r\n" + (form ?? "")
        guard connected == 0, send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) == text.utf8.count
        else {
            let reason = String(cString: strerror(errno))
            throw ProgramWithCluster.Failure(description: "\(method) \(target): \(reason)")
        }
    }

    deinit { close(descriptor) }

    /// The whole answer; what came of it when the connection was reset or forty seconds were over.
    lazy var answer: String = {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count > 0 { bytes += chunk[..<count] } else { return String(decoding: bytes, as: UTF8.self) }
        }
    }()

    /// 0 when there is no answer.
    var status: Int { answer.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }

    /// The value of a field of the answer.
    func field(_ name: String) -> String? {
        answer.split(separator: "\r\n").first { $0.lowercased().hasPrefix("\(name):") }
            .map { String($0.dropFirst(name.utf8.count + 2)) }
    }
}
