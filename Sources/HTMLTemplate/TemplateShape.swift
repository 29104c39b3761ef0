/// The names of a context with their kinds, in the order of the values of its record.
@usableFromInline struct TemplateShape: Sendable {
    let fields: [Field]

    @usableFromInline typealias Field = (name: String, kind: TemplateKind, sharing: TemplateSharing)

    /// A name given twice stops the program.
    @usableFromInline init(_ fields: [Field]) {
        for (index, field) in fields.enumerated() {
            precondition(
                !fields[..<index].contains { $0.name == field.name }, "the shape has the name \"\(field.name)\" twice")
        }
        self.fields = fields
    }

    /// The names of the first, then those of the second; a name that both have stops the program.
    @usableFromInline static func + (first: TemplateShape, second: TemplateShape) -> TemplateShape {
        TemplateShape(first.fields + second.fields)
    }

    /// The names as an error message lists them.
    var names: String { fields.map(\.name).joined(separator: ", ") }

    func slot(of name: String) -> Int? { fields.firstIndex { $0.name == name } }
}
