import HTTP

/// Ranges lie within the file, do not overlap, and are none where a condition has failed; dates and tags are read as
/// they are written. The lines of the input are the fields' values.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRanges(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let names: [HTTPFieldName] = [
        .range, .ifRange, .ifMatch, .ifNoneMatch, .ifModifiedSince, .ifUnmodifiedSince, .acceptEncoding, .accept,
        .contentType,
    ]
    var fields = HTTPFields()
    for (name, line) in zip(names, input.lines) where !line.isEmpty { fields.append(line, for: name) }
    let length = input.random(below: 1000)
    let tag = EntityTag("a")
    let date: Int64 = 1_750_000_000

    switch RangeRequest(method: .get, fields: fields, length: length, entityTag: tag, lastModified: date) {
    case .parts(let parts):
        check((1...16).contains(parts.count), "\(parts.count) parts")
        for part in parts {
            check(!part.isEmpty && part.lowerBound >= 0 && part.upperBound <= length, "\(part) of \(length)")
        }
        let sorted = parts.sorted { $0.lowerBound < $1.lowerBound }
        for (first, second) in zip(sorted, sorted.dropFirst()) {
            check(first.upperBound < second.lowerBound, "\(first) and \(second) are sent twice")
        }
    case .whole, .notSatisfiable: break
    }
    for method in [HTTPMethod.get, .head, .post] {
        let range = RangeRequest(method: method, fields: fields, length: length, entityTag: tag, lastModified: date)
        if method != .get, case .whole = range {} else if method != .get { check(false, "a range of \(method)") }
        let outcome = ConditionalRequest.evaluate(method: method, fields: fields, entityTag: tag, lastModified: date)
        check(outcome != .notModified || method != .post, "304 for \(method)")
    }
    for line in input.lines {
        if let time = IMFFixdate.parse(line, now: date) {
            check(IMFFixdate.parse(IMFFixdate.format(unixSeconds: time) as [UInt8], now: date) == time, "\(line)")
        }
        if let tag = EntityTag(parsing: line.utf8) {
            check(EntityTag(parsing: tag.fieldValue.utf8) == tag, "\(line)")
        }
    }
    _ = ContentCoding.preferred(fields, offersGzip: true)
    let offered = ["text/html", "application/json"]
    if let best = fields.bestMediaType(of: offered) { check(offered.contains(best), best) }
    return 0
}
