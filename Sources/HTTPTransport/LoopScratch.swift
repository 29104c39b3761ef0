import HTTP
import NonblockingIO

/// What the connections of one event loop share, because only one of them runs at a time: so an idle connection owns
/// no buffer.
// @unchecked: touched only on `loop`.
final class LoopScratch: @unchecked Sendable {
    private let loop: EventLoop
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    private var dateSecond: Int64 = 0
    private var dateBytes: [UInt8] = []
    private var spare: [UInt8] = []
    /// Random, so that the identifiers of other loops and of an earlier process are others.
    private var lastRequestID = UInt64.random(in: .min ... .max)

    private let gzip: PartwiseGzip

    /// - Parameter maxCompressedBytes: the memory that compressed parts of answers are kept in.
    init(loop: EventLoop, maxCompressedBytes: Int) {
        self.loop = loop
        gzip = PartwiseGzip(maxByteCount: maxCompressedBytes)
        spare.reserveCapacity(64 * 1024)
    }

    deinit { input.deallocate() }

    /// Where to read into; what is read is copied out before the connection gives up control.
    var inputBuffer: UnsafeMutableRawBufferPointer {
        assert(loop.isCurrent)
        return input
    }

    /// An empty array with room in it, to be given back by `giveBack`.
    func takeOutput() -> [UInt8] {
        assert(loop.isCurrent)
        defer { spare = [] }
        return spare
    }

    /// Keeps the room for the next connection, unless it has grown out of the ordinary.
    func giveBack(_ output: inout [UInt8]) {
        assert(loop.isCurrent)
        guard output.capacity <= 1024 * 1024 else { return }
        output.removeAll(keepingCapacity: true)
        swap(&spare, &output)
    }

    /// The response as the client wants it coded (RFC 9110 section 12.5.3): one that says nothing of its parts as it is.
    func coded(_ response: HTTPResponse, for request: HTTPRequest) -> HTTPResponse {
        guard let parts = response.parts else { return response }
        assert(loop.isCurrent)
        // Nobody is refused for the coding: whoever takes neither gets the content as it is (section 15.5.7).
        guard response.content.count >= PartwiseGzip.leastContent,
            ContentCoding.preferred(request.fields, offersGzip: true) == .gzip,
            let compressed = gzip.compress(response.content, parts)
        else { return response }
        var response = response
        response.content = compressed
        response.fields.append("gzip", for: .contentEncoding)
        return response
    }

    func nextRequestID() -> HTTPRequestID {
        assert(loop.isCurrent)
        lastRequestID &+= 1
        return HTTPRequestID(rawValue: lastRequestID)
    }

    /// The Date field's value, made once a second (RFC 9110 section 6.6.1).
    var date: [UInt8] {
        assert(loop.isCurrent)
        let second = Syscalls.unixSeconds
        if second != dateSecond {
            dateSecond = second
            dateBytes = Array(IMFFixdate.format(unixSeconds: second))
        }
        return dateBytes
    }
}
