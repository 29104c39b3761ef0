/// A value for one name of a shape.
public enum TemplateValue: Sendable {
    /// Text; printed escaped unless the template says `safe`.
    case text(String)
    /// Text as UTF-8 bytes; printed escaped unless the template says `safe`, which is how HTML made elsewhere goes in.
    case utf8([UInt8])
    /// An integer.
    case number(Int64)
    /// Yes or no.
    case flag(Bool)
    /// A checked URL.
    case url(TemplateURL)
    /// The records of a list, each in the order of the list's shape.
    case list([TemplateRecord])
    /// A record.
    case record(TemplateRecord)
    /// An absent optional text or optional record.
    case none

    var kindName: String {
        switch self {
        case .text, .utf8: "text"
        case .number: "a number"
        case .flag: "a flag"
        case .url: "a URL"
        case .list: "a list"
        case .record: "a record"
        case .none: "absent"
        }
    }
}
