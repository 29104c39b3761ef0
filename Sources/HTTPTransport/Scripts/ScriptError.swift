/// Why scripts cannot be joined into one file.
public struct ScriptError: Error, Equatable, CustomStringConvertible {
    /// The script's path below the public folder, such as `/js/chat.js`.
    public let path: String
    /// Counted from 1.
    public let line: Int
    /// What is wrong there, and what would be right.
    public let reason: String

    /// `/js/chat.js:3: …`
    public var description: String { "\(path):\(line): \(reason)" }
}
