import CQRencode

/// A QR code (ISO/IEC 18004): a square of dark and light modules, without the quiet zone around it.
public struct QRCode: Sendable {
    /// How many modules a side has: 21 to 177.
    public let width: Int
    /// Row by row from the top, `width` each: whether the module is dark.
    public let isDark: [Bool]

    /// Modules of light that have to be left on every side (ISO/IEC 18004 section 9.1).
    public static let quietZone = 4

    /// Encodes text as bytes in UTF-8, with error correction of level M: 15 % of the code may be dirty or torn.
    ///
    /// The smallest version that holds it is taken, so that the modules are as large as they can be. By libqrencode's
    /// `QRcode_encodeString8bit`, which may be called from any thread.
    /// - Returns: nil for text that is empty, has NUL in it, or is more than 2,331 bytes.
    public init?(_ text: String) {
        guard !text.isEmpty, !text.utf8.contains(0), let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else {
            return nil
        }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        self.width = width
        // The lowest bit of a module's byte is its colour; the others say what it is for.
        isDark = UnsafeBufferPointer(start: code.pointee.data, count: width * width).map { $0 & 1 == 1 }
    }

    /// Calls `body` with each run of dark modules in a row: where it begins, and how many they are.
    public func forEachRun(_ body: (_ x: Int, _ y: Int, _ length: Int) -> Void) {
        for y in 0..<width {
            var x = 0
            while x < width {
                let start = x
                while x < width, isDark[y * width + x] { x += 1 }
                if x > start { body(start, y, x - start) } else { x += 1 }
            }
        }
    }
}
