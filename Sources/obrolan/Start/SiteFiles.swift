import Chat
import HTMLTemplate
import HTTPTransport

/// The files of `Public/` and the pages of `Templates/`: read once or, while somebody works on them, anew for each request.
struct SiteFiles: Sendable {
    let publicFiles: @Sendable () throws -> StaticFiles
    let pages: @Sendable () throws -> Pages

    /// - Throws: `TemplateError` or `ScriptError`, which name the place, or why a file cannot be read.
    init(_ configuration: Configuration) throws {
        let publicFolder = configuration.publicFiles
        let templates = configuration.templates
        let read: @Sendable () throws -> StaticFiles = {
            try StaticFiles(directory: publicFolder, joining: PageAssets.scripts, marks: FrontDoor.marks)
        }
        let files = try read()
        let assets = PageAssets { files.lastingName(of: $0) ?? $0 }
        let pages = try Pages(TemplateLibrary(directory: templates), assets: assets)
        guard configuration.reloads else {
            publicFiles = { files }
            self.pages = { pages }
            return
        }
        publicFiles = read
        self.pages = {
            // A script that cannot be joined with others shows at once, though each is loaded by itself, for debugging.
            _ = try read()
            return try Pages(TemplateLibrary(directory: templates), assets: PageAssets { $0 })
        }
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
