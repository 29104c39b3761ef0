import HTTP
import Testing

struct ContentCodingTests {
    @Test(
        arguments: [
            Row("absent", [], .identity), Row("empty", [""], .identity), Row("gzip", ["gzip"], .gzip),
            Row("capitals", ["GZIP"], .gzip), Row("old name", ["x-gzip"], .gzip),
            Row("a browser", ["gzip, deflate, br, zstd"], .gzip), Row("two lines", ["br", "gzip"], .gzip),
            Row("excluded", ["gzip;q=0"], .identity), Row("excluded, others not", ["gzip;q=0.0, *"], .identity),
            Row("anything", ["*"], .gzip), Row("nothing else", ["*;q=0"], nil),
            Row("gzip, nothing else", ["gzip, *;q=0"], .gzip), Row("identity only", ["identity, *;q=0"], .identity),
            Row("no identity", ["identity;q=0"], nil), Row("no identity but gzip", ["gzip, identity;q=0"], .gzip),
            Row("identity is better", ["gzip;q=0.5, identity"], .identity),
            Row("gzip is better", ["gzip;q=0.6, identity; q=0.5"], .gzip),
            Row("the same", ["identity, gzip"], .gzip), Row("other codings", ["br, deflate"], .identity),
            Row("malformed weight", ["gzip;q=2"], .identity), Row("no coding", ["gzipped"], .identity),
        ] as [Row<[String], ContentCoding?>])
    func `the coding is what Accept-Encoding prefers`(row: Row<[String], ContentCoding?>) {
        var fields = HTTPFields()
        for line in row.input { fields.append(line, for: .acceptEncoding) }
        #expect(ContentCoding.preferred(fields, offersGzip: true) == row.expected)
        let plain = ContentCoding.preferred(fields, offersGzip: false)
        let excludesIdentity = ["no identity", "no identity but gzip", "nothing else", "gzip, nothing else"]
        #expect((plain == nil) == excludesIdentity.contains(row.name) && plain != .gzip)
    }
}
