/// The names that a page's templates may use, each with its kind and with where its value comes from.
///
/// Inlinable, as `TemplateField` is, so that it is made for the types of other modules: unspecialized, each value would cost
/// as much as printing it.
///
/// Written as a literal, so that a name and its value stand together: `[.text("title") { $0.title }, .number("id") { $0.id }]`.
public struct TemplateFields<Context>: Sendable, ExpressibleByArrayLiteral {
    @usableFromInline let shape: TemplateShape
    @usableFromInline let values: [@Sendable (Context) -> TemplateValue]

    /// Takes the fields in the order written; a name given twice stops the program.
    @inlinable public init(arrayLiteral fields: TemplateField<Context>...) {
        let shape = TemplateShape(fields.map { (name: $0.name, kind: $0.kind, sharing: $0.sharing) })
        self.init(shape: shape, values: fields.map(\.value))
    }

    @usableFromInline init(shape: TemplateShape, values: [@Sendable (Context) -> TemplateValue]) {
        self.shape = shape
        self.values = values
    }

    /// The fields of a part of the context, as if they were its own.
    @inlinable public static func of<Part: TemplateContext>(
        _: Part.Type, _ part: @escaping @Sendable (Context) -> Part
    ) -> TemplateFields {
        let fields = Part.fields
        return TemplateFields(
            shape: fields.shape,
            values: fields.values.map { value in { @Sendable context in value(part(context)) } })
    }

    /// The fields of the first, then those of the second; a name that both have stops the program.
    @inlinable public static func + (first: TemplateFields, second: TemplateFields) -> TemplateFields {
        TemplateFields(shape: first.shape + second.shape, values: first.values + second.values)
    }

    /// The values for one context, in the order of the shape.
    @inlinable func record(of context: Context) -> TemplateRecord { TemplateRecord(values: values.map { $0(context) }) }
}
