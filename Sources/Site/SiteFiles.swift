package import ChatWeb
import HTMLTemplate
package import HTTPTransport

/// The files of `Public/` and the pages of `Templates/`: read once or, while somebody works on them, anew for each request.
package struct SiteFiles: Sendable {
    package let publicFiles: @Sendable () throws -> StaticFiles
    package let pages: @Sendable () throws -> Pages

    /// - Parameters:
    ///   - publicFolder: the path of `Public/`.
    ///   - templates: the path of `Templates/`.
    ///   - reloads: whether they are read anew for each request.
    /// - Throws: `TemplateError`, which names the place, or why a file cannot be read.
    package init(publicFolder: String, templates: String, reloads: Bool) throws {
        let files = try StaticFiles(directory: publicFolder, marks: FrontDoor.marks)
        let assets = PageAssets(
            styleSheet: files.versionedURL(of: "/css/style.css") ?? "/css/style.css",
            script: files.versionedURL(of: "/js/chat.js") ?? "/js/chat.js")
        let pages = try Pages(TemplateLibrary(directory: templates), assets: assets)
        guard reloads else {
            publicFiles = { files }
            self.pages = { pages }
            return
        }
        let plain = PageAssets(styleSheet: "/css/style.css", script: "/js/chat.js")
        publicFiles = { try StaticFiles(directory: publicFolder, marks: FrontDoor.marks) }
        self.pages = { try Pages(TemplateLibrary(directory: templates), assets: plain) }
    }
}
