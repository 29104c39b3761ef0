/// What a name of a page's shape stands for; it decides where a template may use the name.
public indirect enum TemplateKind: Sendable {
    /// Text that is always there: printed escaped; true when it is not empty.
    case text
    /// An integer: printed in decimal; true when it is not zero.
    case number
    /// Yes or no: for conditions only, it cannot be printed.
    case flag
    /// Text that may be absent: prints nothing then; true when it is present, even if empty.
    case optionalText
    /// A checked URL that is always there: printed escaped, also at the start of `href` and the like.
    case url
    /// Records to loop over; true when there is at least one.
    case list(TemplateShape)
    /// A record that is always there: only its fields can be used.
    case record(TemplateShape)
    /// A record that may be absent: its fields print nothing then; true when it is present.
    case optionalRecord(TemplateShape)
}

extension TemplateKind: CustomStringConvertible {
    /// The kind in words, as error messages name it.
    public var description: String {
        switch self {
        case .text: "a text"
        case .number: "a number"
        case .flag: "a flag"
        case .optionalText: "an optional text"
        case .url: "a URL"
        case .list: "a list"
        case .record: "a record"
        case .optionalRecord: "an optional record"
        }
    }
}
