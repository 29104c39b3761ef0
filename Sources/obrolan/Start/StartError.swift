/// Why the program cannot start, in words for whoever starts it.
struct StartError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// Turns whatever `body` throws into words.
    static func explaining<Value>(_ body: () throws -> Value) throws(StartError) -> Value {
        do {
            return try body()
        } catch {
            throw StartError("\(error)")
        }
    }
}
