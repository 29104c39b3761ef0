/// The names that a template may use, with their kinds, in the order of the values of a `TemplateRecord`.
///
/// Written as a literal: `["title": .text, "messages": .list(MessageView.shape)]`.
public struct TemplateShape: Sendable, ExpressibleByDictionaryLiteral {
    let fields: [(name: String, kind: TemplateKind)]

    /// Makes a shape of the names and kinds in the order written; a name given twice stops the program.
    public init(dictionaryLiteral elements: (String, TemplateKind)...) {
        self.init(elements.map { (name: $0.0, kind: $0.1) })
    }

    private init(_ fields: [(name: String, kind: TemplateKind)]) {
        for (index, field) in fields.enumerated() {
            precondition(
                !fields[..<index].contains { $0.name == field.name }, "the shape has the name \"\(field.name)\" twice")
        }
        self.fields = fields
    }

    /// The names of the first, then those of the second; a name that both have stops the program.
    public static func + (first: TemplateShape, second: TemplateShape) -> TemplateShape {
        TemplateShape(first.fields + second.fields)
    }

    /// The names as an error message lists them.
    var names: String { fields.map(\.name).joined(separator: ", ") }

    func slot(of name: String) -> Int? { fields.firstIndex { $0.name == name } }

    /// Says in words where `record` differs from this shape, or nil when it does not.
    func mismatch(with record: TemplateRecord) -> String? {
        guard record.values.count == fields.count else {
            return "a record has \(record.values.count) values, its shape \(fields.count): \(names)"
        }
        for (field, value) in zip(fields, record.values) {
            if let difference = Self.mismatch(of: value, with: field.kind) {
                return "\"\(field.name)\": \(difference)"
            }
        }
        return nil
    }

    private static func mismatch(of value: TemplateValue, with kind: TemplateKind) -> String? {
        switch (kind, value) {
        case (.text, .text), (.text, .utf8), (.number, .number), (.flag, .flag), (.url, .url),
            (.optionalText, .text), (.optionalText, .utf8), (.optionalText, .none), (.optionalRecord, .none):
            return nil
        case (.record(let shape), .record(let record)), (.optionalRecord(let shape), .record(let record)):
            return shape.mismatch(with: record)
        case (.list(let shape), .list(let records)):
            for record in records {
                if let difference = shape.mismatch(with: record) { return difference }
            }
            return nil
        default:
            return "the shape says \(kind), the value is \(value.kindName)"
        }
    }
}
