/// A value for one name of a shape; `TemplateField` tells what each is.
@usableFromInline enum TemplateValue: Sendable {
    case text(String)
    case utf8([UInt8])
    case number(Int64)
    case flag(Bool)
    case url(TemplateURL)
    case list([TemplateRecord])
    case record(TemplateRecord)
    /// An absent optional text or optional record.
    case none
}
