import HTTP
import QRCode

extension HTTPResponse {
    /// A QR code as a picture (SVG 2), black on white whatever the page's colours are: cameras want it so.
    ///
    /// One path, in which each run of dark modules is a line of the width of a module: a code of an address has 2 KB.
    static func picture(of code: QRCode) -> HTTPResponse {
        let size = code.width + 2 * QRCode.quietZone
        var path = ""
        code.forEachRun { x, y, length in path += "M\(x + QRCode.quietZone) \(y + QRCode.quietZone).5h\(length)" }
        // Crisp edges: modules that touch must not be parted by a hair of light.
        return picture(
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size) \(size)" shape-rendering="crispEdges">\
            <path fill="#fff" d="M0 0h\(size)v\(size)H0z"/><path stroke="#000" d="\(path)"/></svg>

            """)
    }
}
