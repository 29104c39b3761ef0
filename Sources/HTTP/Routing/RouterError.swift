/// Why a route cannot be added.
public enum RouterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The pattern does not follow the grammar of `Router`.
    case malformedPattern(String)
    /// Two parameters of the pattern have the same name.
    case duplicateParameter(pattern: String, name: String)
    /// The method already has a route for the same paths.
    case conflict(method: HTTPMethod, pattern: String, existing: String)

    /// One sentence that says what is wrong.
    public var description: String {
        switch self {
        case .malformedPattern(let pattern): "The route pattern \(pattern) is malformed."
        case .duplicateParameter(let pattern, let name):
            "The route pattern \(pattern) has two parameters named \(name)."
        case .conflict(let method, let pattern, let existing):
            "The route \(method) \(pattern) means the same paths as \(method) \(existing)."
        }
    }
}
