/// A checked `uri-host [ ":" port ]` of RFC 9110 section 4.2, without userinfo and with a host that is not empty.
struct Authority {
    /// The port's number; nil without one, with an empty one, or with one that fits no integer.
    let port: Int?

    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let first = bytes.first else { return nil }
        let hostEnd: Int
        if first == 0x5B {
            guard let bracket = bytes.firstIndex(of: 0x5D), Self.isIPLiteral(bytes[1..<bracket]) else { return nil }
            hostEnd = bracket + 1
        } else {
            hostEnd = bytes.firstIndex(of: .colon) ?? bytes.count
            guard hostEnd > 0, Self.isRegisteredName(bytes[..<hostEnd]) else { return nil }
        }
        guard hostEnd < bytes.count else {
            port = nil
            return
        }
        let digits = bytes[(hostEnd + 1)...]
        guard bytes[hostEnd] == .colon, digits.allSatisfy(\.isDigit) else { return nil }
        port = digits.decimal()
    }

    /// `reg-name` of RFC 3986 section 3.2.2, of which an IPv4 address is one.
    private static func isRegisteredName(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if ByteClass.registeredName.contains(bytes[index]) {
                index += 1
            } else if bytes[index] == .percent, index + 2 < bytes.endIndex,
                bytes[index + 1].hexDigitValue != nil, bytes[index + 2].hexDigitValue != nil
            {
                index += 3
            } else {
                return false
            }
        }
        return true
    }

    private static func isIPLiteral(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard let first = bytes.first else { return false }
        guard first.lowercased == 0x76 else { return isIPv6Address(bytes) }
        // IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
        guard let dot = bytes.firstIndex(of: .dot) else { return false }
        let version = bytes[(bytes.startIndex + 1)..<dot]
        let address = bytes[(dot + 1)...]
        return !version.isEmpty && version.allSatisfy { $0.hexDigitValue != nil } && !address.isEmpty
            && address.allSatisfy { ByteClass.registeredName.contains($0) || $0 == .colon }
    }

    /// `IPv6address` of RFC 3986 section 3.2.2: eight groups, one run of which `::` may stand for, the last two of
    /// which may be an IPv4 address. A zone is not allowed.
    private static func isIPv6Address(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var groups = 0
        var isCompressed = false
        var index = bytes.startIndex
        if bytes.starts(with: [.colon, .colon]) {
            isCompressed = true
            index += 2
        }
        while index < bytes.endIndex {
            let end = bytes[index...].firstIndex(of: .colon) ?? bytes.endIndex
            let group = bytes[index..<end]
            if group.contains(.dot) {
                guard end == bytes.endIndex, isIPv4Address(group) else { return false }
                groups += 2
                break
            }
            guard (1...4).contains(group.count), group.allSatisfy({ $0.hexDigitValue != nil }) else { return false }
            groups += 1
            guard end < bytes.endIndex else { break }
            index = end + 1
            if index < bytes.endIndex, bytes[index] == .colon {
                guard !isCompressed else { return false }
                isCompressed = true
                index += 1
            } else if index == bytes.endIndex {
                return false
            }
        }
        return isCompressed ? groups <= 7 : groups == 8
    }

    private static func isIPv4Address(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let parts = bytes.split(separator: .dot, omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && (part.count == 1 || part.first != .zero)
                    && part.decimal(as: UInt8.self) != nil
            }
    }
}
