import CEpoll
internal import Glibc

/// A call to the C library that failed.
public struct SyscallError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The C function's name.
    public let function: String
    /// The value of `errno` right after the call.
    public let errno: Int32

    init(_ function: String, _ errno: Int32 = Glibc.errno) {
        self.function = function
        self.errno = errno
    }

    /// The function with the text of `strerror`.
    public var description: String { "\(function): \(String(cString: strerror(errno)))" }

    /// This process or this machine has no descriptors or no memory for sockets left: trying again at once is no use.
    public var isOutOfResources: Bool { [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) }
}

/// The result of a read or write that does not block.
public enum IOResult: Hashable, Sendable {
    /// That many bytes, at least one, were moved.
    case bytes(Int)
    /// Nothing can be moved now; readiness will tell.
    case wouldBlock
    /// The peer has sent all it will send.
    case endOfStream
}

/// The only place that calls the C library: `errno` is taken at once, `EINTR` is retried, would-block is a value.
public enum Syscalls {
    /// Calls `body` until it is not interrupted by a signal.
    private static func retrying<Result: SignedInteger>(_ body: () -> Result) -> Result {
        while true {
            let result = body()
            if result != -1 || errno != EINTR { return result }
        }
    }

    private static func check(_ function: String, _ result: Int32) throws(SyscallError) -> Int32 {
        guard result != -1 else { throw SyscallError(function) }
        return result
    }

    // MARK: Descriptors

    /// Reads at most `buffer.count` bytes, by read(2).
    public static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer)
        throws(SyscallError) -> IOResult
    {
        let count = retrying { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
        if count > 0 { return .bytes(count) }
        if count == 0 { return .endOfStream }
        if errno == EAGAIN || errno == EWOULDBLOCK { return .wouldBlock }
        throw SyscallError("read")
    }

    /// Sends the bytes from `start` on, or as many of them as there is room for, by send(2) without SIGPIPE. With
    /// `hasMore` the last of them may wait for what is sent next (`MSG_MORE`).
    public static func send(
        _ descriptor: Int32, _ bytes: [UInt8], from start: Int = 0, hasMore: Bool = false
    ) throws(SyscallError) -> IOResult {
        let flags = Int32(MSG_NOSIGNAL) | (hasMore ? Int32(MSG_MORE) : 0)
        let count = bytes.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
            return retrying { Glibc.send(descriptor, rest.baseAddress, rest.count, flags) }
        }
        if count >= 0 { return .bytes(count) }
        if errno == EAGAIN || errno == EWOULDBLOCK { return .wouldBlock }
        throw SyscallError("send")
    }

    /// Sends the one part and then the other from where they are, or as much as there is room for, by sendmsg(2) without
    /// SIGPIPE.
    public static func send(
        _ descriptor: Int32, _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>
    ) throws(SyscallError) -> IOResult {
        let count = first.withUnsafeBytes { first in
            second.withUnsafeBytes { second in
                withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { parts in
                    // The kernel only reads what these point to.
                    parts[0] = iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress), iov_len: first.count)
                    parts[1] = iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count)
                    var message = msghdr()
                    message.msg_iov = parts.baseAddress
                    message.msg_iovlen = 2
                    return retrying { sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL)) }
                }
            }
        }
        if count >= 0 { return .bytes(count) }
        if errno == EAGAIN || errno == EWOULDBLOCK { return .wouldBlock }
        throw SyscallError("sendmsg")
    }

    /// Opens a file for reading, by open(2); a symbolic link is refused (`O_NOFOLLOW`).
    public static func openFile(_ path: String) throws(SyscallError) -> OwnedDescriptor {
        OwnedDescriptor(try check("open", retrying { open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }))
    }

    /// Reads at most `buffer.count` bytes of a file from `offset` on, by pread(2); 0 at its end.
    public static func read(
        _ file: OwnedDescriptor, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(SyscallError) -> Int {
        let count = retrying { pread(file.number, buffer.baseAddress, buffer.count, off_t(offset)) }
        guard count >= 0 else { throw SyscallError("pread") }
        return count
    }

    /// Whether the kernel has the byte of a file at `offset` in memory, by preadv2(2); true also where it cannot tell, or
    /// where reading fails: that is found by whoever reads.
    public static func isCached(_ file: OwnedDescriptor, at offset: Int) -> Bool {
        var byte: UInt8 = 0
        return CEpollReadCached(file.number, &byte, 1, off_t(offset)) != -1 || errno != EAGAIN
    }

    /// Sends bytes of a file, or as many of them as there is room for, by sendfile(2).
    /// - Throws: `SyscallError`, with `EIO` when the file ends before the range: it has become shorter.
    public static func sendFile(
        _ descriptor: Int32, _ file: OwnedDescriptor, _ range: Range<Int>
    ) throws(SyscallError) -> IOResult {
        var offset = off_t(range.lowerBound)
        let count = retrying { sendfile(descriptor, file.number, &offset, range.count) }
        if count > 0 { return .bytes(count) }
        if count == 0 { throw SyscallError("sendfile", EIO) }
        if errno == EAGAIN || errno == EWOULDBLOCK { return .wouldBlock }
        throw SyscallError("sendfile")
    }

    /// Closes `descriptor`, by close(2). The descriptor is gone whatever close says, so there is nothing to throw.
    public static func close(_ descriptor: Int32) {
        _ = Glibc.close(descriptor)
    }

    // MARK: Sockets

    /// A non-blocking TCP socket of the address' family, by socket(2).
    static func makeStreamSocket(for address: SocketAddress) throws(SyscallError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        return try check("socket", socket(address.family, type, 0))
    }

    /// Sets an integer option, to one by default, by setsockopt(2).
    static func set(
        _ option: Int32, level: Int32 = SOL_SOCKET, to value: Int32 = 1, on descriptor: Int32
    ) throws(SyscallError) {
        var value = value
        _ = try check("setsockopt", setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)))
    }

    /// Sends small segments at once rather than waiting for more (`TCP_NODELAY`): answers leave in one piece here.
    static func disableDelay(on descriptor: Int32) throws(SyscallError) {
        try set(TCP_NODELAY, level: Int32(IPPROTO_TCP), on: descriptor)
    }

    /// Lets the kernel take no more than about `bytes` that the peer's window has no room for yet
    /// (`TCP_NOTSENT_LOWAT`). Without it a peer that does not read is given megabytes, which take memory while it is
    /// there and time when it is closed.
    static func limitUnsent(to bytes: Int32, on descriptor: Int32) throws(SyscallError) {
        try set(TCP_NOTSENT_LOWAT, level: Int32(IPPROTO_TCP), to: bytes, on: descriptor)
    }

    static func bind(_ descriptor: Int32, to address: SocketAddress) throws(SyscallError) {
        let result = address.withSockaddr { Glibc.bind(descriptor, $0, $1) }
        _ = try check("bind", result)
    }

    static func listen(_ descriptor: Int32, backlog: Int32) throws(SyscallError) {
        _ = try check("listen", Glibc.listen(descriptor, backlog))
    }

    static func connect(_ descriptor: Int32, to address: SocketAddress) throws(SyscallError) {
        let result = address.withSockaddr { Glibc.connect(descriptor, $0, $1) }
        if result == -1 && errno == EINPROGRESS { return }
        _ = try check("connect", result)
    }

    /// The address that `descriptor` is bound to, by getsockname(2).
    static func localAddress(of descriptor: Int32) throws(SyscallError) -> SocketAddress {
        var result: Int32 = 0
        let address = SocketAddress { pointer, length in result = getsockname(descriptor, pointer, length) }
        _ = try check("getsockname", result)
        return address
    }

    /// The next waiting connection, non-blocking, by accept4(2); nil when none waits.
    static func accept(_ descriptor: Int32) throws(SyscallError) -> (socket: Int32, peer: SocketAddress)? {
        var socket: Int32 = -1
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let peer = SocketAddress { pointer, length in
            socket = retrying { accept4(descriptor, pointer, length, flags) }
        }
        if socket >= 0 { return (socket, peer) }
        switch errno {
        case EAGAIN, EWOULDBLOCK: return nil
        // The client went away between its SYN and our accept (accept(2), "Error handling").
        case ECONNABORTED, EPROTO: return nil
        default: throw SyscallError("accept4")
        }
    }

    /// Whether as many connections wait as the listening socket may keep, or more, by getsockopt(2) (`TCP_INFO`,
    /// tcp(7)): the kernel has then passed over the last segment of some handshakes.
    static func isQueueFull(_ descriptor: Int32) -> Bool {
        var info = tcp_info()
        var length = socklen_t(MemoryLayout<tcp_info>.size)
        // Fails only for what is no TCP socket. Of a listening socket these are how many wait and how many may
        // (tcp_get_info in Linux' net/ipv4/tcp.c).
        guard getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &length) == 0 else { return false }
        return info.tcpi_unacked >= info.tcpi_sacked
    }

    /// Whether the peer has reset the connection, by getsockopt(2) (`SO_ERROR`, socket(7)).
    public static func isReset(_ socket: Int32) -> Bool {
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        // Fails only for what is no socket.
        return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error != 0
    }

    /// Attaches a socket filter that drops segments with SYN, by setsockopt(2) (`SO_ATTACH_FILTER`, socket(7)).
    static func dropHandshakes(_ descriptor: Int32) {
        // Offset 13 of the segment is the byte of flags, 2 is SYN (RFC 9293 section 3.1).
        var program = [
            sock_filter(code: UInt16(BPF_LD | BPF_B | BPF_ABS), jt: 0, jf: 0, k: 13),
            sock_filter(code: UInt16(BPF_JMP | BPF_JSET | BPF_K), jt: 0, jf: 1, k: 2),
            sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: 0),
            sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: .max),
        ]
        program.withUnsafeMutableBufferPointer { filter in
            var program = sock_fprog(len: UInt16(filter.count), filter: filter.baseAddress)
            // A kernel built without filters refuses: then a client may have to connect again.
            _ = setsockopt(
                descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, socklen_t(MemoryLayout<sock_fprog>.size))
        }
    }

    /// Ends our side of the stream; what the peer still sends can be read, by shutdown(2).
    public static func shutdownWriting(_ descriptor: Int32) {
        // Fails only when the peer has already reset the connection: there is nothing left to end then.
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    // MARK: epoll and eventfd

    static func makeEpoll() throws(SyscallError) -> Int32 {
        try check("epoll_create1", epoll_create1(CEpollCloseOnExec))
    }

    static func epollControl(_ epoll: Int32, _ operation: Int32, _ descriptor: Int32, events: UInt32, data: UInt64)
        throws(SyscallError)
    {
        var event = epoll_event(events: events, data: epoll_data_t(u64: data))
        _ = try check("epoll_ctl", epoll_ctl(epoll, operation, descriptor, &event))
    }

    /// Fills `events` and says how many; `milliseconds` 0 does not wait. An interrupted wait counts as nothing.
    static func epollWait(_ epoll: Int32, _ events: UnsafeMutableBufferPointer<epoll_event>, milliseconds: Int32)
        throws(SyscallError) -> Int
    {
        let count = epoll_wait(epoll, events.baseAddress, Int32(events.count), milliseconds)
        if count == -1 && errno == EINTR { return 0 }
        return Int(try check("epoll_wait", count))
    }

    static func makeEvent() throws(SyscallError) -> Int32 {
        try check("eventfd", eventfd(0, CEventNonblocking | CEventCloseOnExec))
    }

    /// Makes the eventfd readable. It fails only when the counter is full: it is readable then.
    static func signal(event: Int32) {
        _ = eventfd_write(event, 1)
    }

    /// Makes the eventfd unreadable again. It fails only when there was nothing to take.
    static func drain(event: Int32) {
        var value: eventfd_t = 0
        _ = eventfd_read(event, &value)
    }

    // MARK: Process, threads and time

    /// How many processors this process may use: those that it may run on, or fewer where its control groups have a
    /// quota; at least 1.
    public static var processorCount: Int {
        let allowed = Int(CEpollAllowedProcessors())
        let count = allowed > 0 ? allowed : sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return ProcessorAllowance(file: { textFile($0) }).count(of: max(1, count))
    }

    /// A small file of the system, as far as it can be read.
    private static func textFile(_ path: String) -> String? {
        let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
        defer { piece.deallocate() }
        while true {
            let count = retrying { Glibc.read(descriptor, piece.baseAddress, piece.count) }
            guard count >= 0 else { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
    }

    /// How many descriptors this process may have open, by getrlimit(2).
    public static var descriptorLimit: Int {
        var limit = rlimit()
        // Fails only for a resource that does not exist.
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(exactly: limit.rlim_cur) ?? .max
    }

    /// How many descriptors this process has open now, by /proc/self/fd; the one that it is read by is not counted.
    /// - Throws: `SyscallError` of opendir(3): there may be no descriptor left, or no /proc.
    public static func openDescriptorCount() throws(SyscallError) -> Int {
        guard let folder = opendir("/proc/self/fd") else { throw SyscallError("opendir") }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            // Every name but `.` and `..` is a number.
            if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        return count - 1
    }

    /// Lets this process open as many descriptors as its hard limit says, by setrlimit(2): every connection is one.
    public static func raiseDescriptorLimit() {
        var limit = rlimit()
        // Where this fails the soft limit holds, and at its end connections wait.
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Has this process ignore SIGPIPE, by signal(2): sendfile(2) cannot be told not to raise it, as send(2) can.
    public static func ignoreBrokenPipes() {
        _ = Glibc.signal(SIGPIPE, SIG_IGN)
    }

    /// Gives free memory back to the system, by malloc_trim(3), which the allocator does by itself only at the end of its
    /// heaps. Takes some milliseconds when there is much.
    public static func returnFreeMemory() {
        _ = malloc_trim(0)
    }

    /// Begins a thread that nobody waits for, by pthread_create(3) and pthread_detach(3), whose error is no `errno`.
    static func startDetachedThread(
        _ context: UnsafeMutableRawPointer,
        _ body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
    ) throws(SyscallError) {
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, body, context)
        guard code == 0 else { throw SyscallError("pthread_create", code) }
        pthread_detach(thread)
    }

    /// Tells this thread from all others that live now.
    static var threadIdentifier: UInt { UInt(pthread_self()) }

    /// Seconds since 1970-01-01T00:00:00Z, by clock_gettime(2).
    public static var unixSeconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec)
    }
}
