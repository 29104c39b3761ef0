/// The values of one context, in the order of its shape.
@usableFromInline struct TemplateRecord: Sendable {
    @usableFromInline let values: [TemplateValue]

    @usableFromInline init(values: [TemplateValue]) { self.values = values }
}
