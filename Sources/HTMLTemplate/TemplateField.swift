/// One name that a page's templates may use, with where its value comes from.
///
/// What it is printed as is one person's, unless it is `shared` or `sharedApart`.
public struct TemplateField<Context>: Sendable {
    @usableFromInline let name: String
    @usableFromInline let kind: TemplateKind
    @usableFromInline private(set) var sharing = TemplateSharing.personal
    @usableFromInline let value: @Sendable (Context) -> TemplateValue

    @usableFromInline init(name: String, kind: TemplateKind, value: @escaping @Sendable (Context) -> TemplateValue) {
        self.name = name
        self.kind = kind
        self.value = value
    }

    /// The same, of what everybody gets who may read the page, and nobody's secret among them: what all who are in a room
    /// see of it.
    public var shared: TemplateField { sharing(.shared) }

    /// The same, of what other pages have as well, byte by byte.
    public var sharedApart: TemplateField { sharing(.sharedApart) }

    private func sharing(_ sharing: TemplateSharing) -> TemplateField {
        var field = self
        field.sharing = sharing
        return field
    }

    /// Text: printed escaped, unless the template says `safe`; true when it is not empty.
    @inlinable public static func text(_ name: String, _ value: @escaping @Sendable (Context) -> String)
        -> TemplateField
    {
        TemplateField(name: name, kind: .text) { .text(value($0)) }
    }

    /// Text as UTF-8 bytes, printed as `text` is; `safe` is how HTML goes in that was made elsewhere.
    @inlinable public static func utf8(_ name: String, _ value: @escaping @Sendable (Context) -> [UInt8])
        -> TemplateField
    {
        TemplateField(name: name, kind: .text) { .utf8(value($0)) }
    }

    /// Text that may be absent: prints nothing then; true when it is present, even if empty.
    @inlinable public static func optionalText(_ name: String, _ value: @escaping @Sendable (Context) -> String?)
        -> TemplateField
    {
        TemplateField(name: name, kind: .optionalText) { context in value(context).map { .text($0) } ?? .none }
    }

    /// The same as UTF-8 bytes.
    @inlinable public static func optionalUTF8(_ name: String, _ value: @escaping @Sendable (Context) -> [UInt8]?)
        -> TemplateField
    {
        TemplateField(name: name, kind: .optionalText) { context in value(context).map { .utf8($0) } ?? .none }
    }

    /// An integer: printed in decimal; true when it is not zero.
    @inlinable public static func number(_ name: String, _ value: @escaping @Sendable (Context) -> Int64)
        -> TemplateField
    {
        TemplateField(name: name, kind: .number) { .number(value($0)) }
    }

    /// Yes or no: for conditions only, it cannot be printed.
    @inlinable public static func flag(_ name: String, _ value: @escaping @Sendable (Context) -> Bool) -> TemplateField
    {
        TemplateField(name: name, kind: .flag) { .flag(value($0)) }
    }

    /// A checked URL: printed escaped, also at the start of `href` and the like.
    @inlinable public static func url(_ name: String, _ value: @escaping @Sendable (Context) -> TemplateURL)
        -> TemplateField
    {
        TemplateField(name: name, kind: .url) { .url(value($0)) }
    }

    /// Items to loop over; true when there is at least one.
    @inlinable public static func list<Item: TemplateContext>(
        _ name: String, _ items: @escaping @Sendable (Context) -> [Item]
    ) -> TemplateField {
        let fields = Item.fields
        return TemplateField(name: name, kind: .list(fields.shape)) { .list(items($0).map(fields.record)) }
    }

    /// A value with names of its own: only these can be used.
    @inlinable public static func record<Value: TemplateContext>(
        _ name: String, _ value: @escaping @Sendable (Context) -> Value
    ) -> TemplateField {
        let fields = Value.fields
        return TemplateField(name: name, kind: .record(fields.shape)) { .record(fields.record(of: value($0))) }
    }

    /// The same where it may be absent: its fields print nothing then; true when it is present.
    @inlinable public static func optionalRecord<Value: TemplateContext>(
        _ name: String, _ value: @escaping @Sendable (Context) -> Value?
    ) -> TemplateField {
        let fields = Value.fields
        return TemplateField(name: name, kind: .optionalRecord(fields.shape)) { context in
            value(context).map { .record(fields.record(of: $0)) } ?? .none
        }
    }
}
