/// The values of one record, in the order of its shape.
///
/// Builds for debugging stop when a rendered record does not match its shape. Release builds only check that a slot
/// exists, and print a value of the wrong kind as nothing.
public struct TemplateRecord: Sendable {
    let values: [TemplateValue]

    /// Makes a record of one value for each name of the shape, in the shape's order.
    public init(_ values: [TemplateValue]) { self.values = values }
}
