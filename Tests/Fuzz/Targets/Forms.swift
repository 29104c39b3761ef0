@testable import HTTP

/// A form that is read holds what is written when its pairs are encoded anew, and nothing that could not be stored.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzForms(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let input = FuzzInput(data, size)
    let names = input.bytes.split(separator: UInt8(ascii: "&")).compactMap { pair in
        UnsafeBufferPointer(rebasing: pair).withContiguousName
    }
    if let form = try? HTTPForm(urlencoded: input.bytes) {
        check(form.count <= 256, "too many pairs")
        for name in Set(names) {
            for value in form.values(name) {
                check(!value.utf8.contains(0) && !name.utf8.contains(0), "NUL")
                let encoded = "\(PercentCoding.encode(name))=\(PercentCoding.encode(value))"
                let again = try? HTTPForm(urlencoded: Array(encoded.utf8))
                check(again?.count == 1 && again?[name] == value, "\(encoded) is not what it was")
            }
        }
    }
    if let decoded = PercentCoding.decode(input.bytes) {
        check(PercentCoding.decode(PercentCoding.encode(decoded)) == decoded, "\(decoded) is not what it was")
    }
    check(
        PercentCoding.decode(PercentCoding.encode(input.text)) == (input.text.utf8.contains(0) ? nil : input.text), "")
    return 0
}

extension UnsafeBufferPointer<UInt8> {
    /// The name of a pair, as the form reads it; nil when it is not valid.
    fileprivate var withContiguousName: String? {
        let name = UnsafeBufferPointer(rebasing: prefix { $0 != UInt8(ascii: "=") })
        return try? PercentCoding.decodeText(name, plusIsSpace: true).get()
    }
}
