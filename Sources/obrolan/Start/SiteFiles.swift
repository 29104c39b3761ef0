import Chat
import HTMLTemplate
import HTTPTransport

/// The files of `Public/` and the pages of `Templates/`: read once or, while somebody works on them, anew for each request.
struct SiteFiles: Sendable {
    let publicFiles: @Sendable () throws -> StaticFiles
    let pages: @Sendable () throws -> Pages

    /// - Throws: `TemplateError`, which names the place, or why a file cannot be read.
    init(_ configuration: Configuration) throws {
        let publicFolder = configuration.publicFiles
        let templates = configuration.templates
        let files = try StaticFiles(directory: publicFolder, marks: FrontDoor.marks)
        let assets = PageAssets(
            styleSheet: files.versionedURL(of: "/css/style.css") ?? "/css/style.css",
            script: files.versionedURL(of: "/js/chat.js") ?? "/js/chat.js")
        let pages = try Pages(TemplateLibrary(directory: templates), assets: assets)
        guard configuration.reloads else {
            publicFiles = { files }
            self.pages = { pages }
            return
        }
        let plain = PageAssets(styleSheet: "/css/style.css", script: "/js/chat.js")
        publicFiles = { try StaticFiles(directory: publicFolder, marks: FrontDoor.marks) }
        self.pages = { try Pages(TemplateLibrary(directory: templates), assets: plain) }
    }

    /// Reads them as the user that the program has become, who may have other rights than the one that started it.
    /// - Throws: `StartError` when they cannot be read again.
    func check(readableBy user: SystemUser) throws(StartError) {
        do {
            _ = try publicFiles()
            _ = try pages()
        } catch {
            throw StartError(
                "--reload yes reads templates and public files again and again, and the user \(user.name), which this "
                    + "program becomes when it is started as root, cannot: \(error). Let that user read them, choose another "
                    + "one by --user, or start the program as an ordinary user")
        }
    }
}
