import Chat
package import ChatWeb
import HTMLTemplate
package import HTTPTransport

/// The files of `Public/`, the pages of `Templates/` and the schema: read once or, while somebody works on them, anew for each request.
package struct SiteFiles: Sendable {
    package let publicFiles: @Sendable () throws -> StaticFiles
    package let pages: @Sendable () throws -> Pages
    let schema: Schema

    /// - Parameters:
    ///   - publicFolder: the path of `Public/`.
    ///   - templates: the path of `Templates/`.
    ///   - schema: the path of `schema.sql`.
    ///   - reloads: whether pages and public files are read anew for each request.
    /// - Throws: `TemplateError` or `ScriptError`, which name the place, or why a file cannot be read.
    package init(publicFolder: String, templates: String, schema: String, reloads: Bool) throws {
        self.schema = try Schema(file: schema)
        let read: @Sendable () throws -> StaticFiles = {
            try StaticFiles(directory: publicFolder, joining: PageAssets.scripts, marks: FrontDoor.marks)
        }
        let files = try read()
        let assets = PageAssets { files.lastingName(of: $0) ?? $0 }
        let pages = try Pages(TemplateLibrary(directory: templates), assets: assets)
        guard reloads else {
            publicFiles = { files }
            self.pages = { pages }
            return
        }
        publicFiles = read
        self.pages = {
            // A script that cannot be joined with others shows at once, though each is loaded by itself, for debugging.
            _ = try read()
            return try Pages(TemplateLibrary(directory: templates), assets: PageAssets { $0 }, areKept: false)
        }
    }
}
