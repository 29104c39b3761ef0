import EmbeddedPostgreSQL
import Site

extension SiteFiles {
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
