/// What a name stands for; it decides where a template may use the name. `TemplateField` tells what each is.
@usableFromInline indirect enum TemplateKind: Sendable {
    case text
    case number
    case flag
    case optionalText
    case url
    case list(TemplateShape)
    case record(TemplateShape)
    case optionalRecord(TemplateShape)
}

extension TemplateKind: CustomStringConvertible {
    /// The kind in words, as error messages name it.
    @usableFromInline var description: String {
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
