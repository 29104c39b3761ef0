/// The values of one context, in the order of its shape.
struct TemplateRecord: Sendable {
    let values: [TemplateValue]
}
