import EmbeddedPostgreSQL
import FoundationEssentials
import Glibc

/// Gives root's rights up for good: what serves strangers has no use for them once it has its port.
enum Privileges {
    /// Who becomes what it is, when nothing else is said.
    private static let defaultUsers = ["obrolan", "nobody"]

    /// Whom to become; nil: the program is not root, and stays who it is.
    /// - Parameters:
    ///   - requested: a name from the settings; nil where there is none.
    ///   - owner: whose the private cluster is; nil where there is none. Nobody else can reach it and signal it.
    ///   - current: as whom the program runs.
    ///   - lookUp: the user of a name.
    /// - Throws: `StartError` when that cannot be.
    static func choose(
        requested: String?, ownerOfCluster owner: SystemUser?, current: SystemUser = .current,
        lookUp: (String) -> SystemUser? = SystemUser.named
    ) throws(StartError) -> SystemUser? {
        guard current.uid == 0 else {
            guard requested == nil || requested == current.name else {
                throw StartError(
                    "only root can become the user \(requested ?? ""); this program runs as \(current.name)")
            }
            return nil
        }
        if let requested {
            guard let user = lookUp(requested) else {
                throw StartError("there is no user \(requested) on this machine")
            }
            guard user.uid != 0 else {
                throw StartError("--user must be an unprivileged user; \(requested) has root's rights")
            }
            if let owner, owner.uid != user.uid {
                throw StartError(
                    "the private cluster belongs to \(owner.name), so the program has to run as that user: leave --user "
                        + "out, or give the cluster to \(requested) by `chown -R`")
            }
            return user
        }
        if let owner { return owner }
        for name in defaultUsers {
            if let user = lookUp(name), user.uid != 0 { return user }
        }
        throw StartError(
            "started as root, the program becomes the user obrolan or nobody, and there is neither: name one by --user")
    }

    /// Becomes `user`, with its first group and no other, in all threads, by setgroups(2), setgid(2) and setuid(2), which
    /// take the real, effective and saved ids and all capabilities from a process of root's.
    ///
    /// The kernel lets no other process of that user look into this one afterwards (`PR_SET_DUMPABLE`, prctl(2)), which is as
    /// well: it may be shared with other programs, as `nobody` is.
    /// - Throws: `StartError` when anything of it fails: to go on as root would be worse than to end.
    static func become(_ user: SystemUser) throws(StartError) {
        var group = user.gid
        guard setgroups(1, &group) == 0, setgid(user.gid) == 0, setuid(user.uid) == 0 else {
            throw StartError("cannot become the user \(user.name): \(String(cString: strerror(errno)))")
        }
        guard setuid(0) != 0, seteuid(0) != 0, geteuid() == user.uid, getegid() == user.gid, areAllThreads(user.uid)
        else {
            throw StartError("root's rights are not gone after becoming the user \(user.name)")
        }
        // libpq looks for certificates there, and takes a folder that it may not enter for an error.
        setenv("HOME", user.home, 1)
    }

    /// Whether each thread is that user's. One that is just ending is left out by the C library, and soon is none.
    private static func areAllThreads(_ user: uid_t) -> Bool {
        let end = ContinuousClock.now + .seconds(5)
        while true {
            if usersOfThreads().allSatisfy({ $0.allSatisfy { $0 == user } }) { return true }
            guard .now < end else { return false }
            usleep(1_000)
        }
    }

    /// The real, effective, saved and file system user of each thread, by /proc/self/task (proc(5)): the kernel has them for
    /// each, and it is the C library that makes them one.
    private static func usersOfThreads() -> [[uid_t]] {
        // Without /proc nothing can be looked up; what setuid(2) has said is all there is then.
        guard let threads = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task") else { return [] }
        return threads.compactMap { thread in
            // One that has ended meanwhile has no rights.
            guard let status = try? String(contentsOfFile: "/proc/self/task/\(thread)/status", encoding: .utf8),
                let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Uid:") })
            else { return nil }
            return line.split(whereSeparator: \.isWhitespace).dropFirst().compactMap { uid_t($0) }
        }
    }
}
