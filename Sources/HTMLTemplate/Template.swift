/// A page, checked and compiled for contexts of one type.
public struct Template<Context: TemplateContext>: Sendable {
    let program: Program
    let fields: TemplateFields<Context>

    /// Appends the page to `out` as UTF-8.
    public func render(_ context: Context, into out: inout [UInt8]) {
        program.render(fields.record(of: context), into: &out)
    }

    /// Returns the page as UTF-8.
    public func render(_ context: Context) -> [UInt8] { renderInParts(context).bytes }

    /// Returns the page as UTF-8 with the parts that it is made of.
    public func renderInParts(_ context: Context) -> RenderedPage {
        var out: [UInt8] = []
        // Room for the fixed text and as much again spares most pages all growth, and lists the first steps of it.
        out.reserveCapacity(2 * program.literals.count + 1024)
        let parts = program.render(fields.record(of: context), into: &out)
        return RenderedPage(bytes: out, parts: parts)
    }
}
