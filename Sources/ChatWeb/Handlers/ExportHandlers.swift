import Chat
import HTMLTemplate
import HTTP
internal import Synchronization

extension ChatApplication {
    /// The whole room as a download, made while it is sent.
    func exportRoom(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        guard let format = RoomFile.Format(rawValue: try context.query().text("format")) else {
            throw HTTPError(.unprocessableContent, "format harus txt, html, atau json.", field: "format")
        }
        let export = RoomExport(of: context.room, for: session, in: station.database)
        // Who may not read it is told so, in place of the beginning of a file.
        guard let first = try await export.next() else { throw InternalError("an export has a first part") }
        let file = Mutex(RoomFile(format, pages: try pages(), at: export.begunAt))
        let begun = Mutex(first as RoomReading?)
        let stream = HTTPContentStream { [self] in
            let first = begun.withLock { first in
                defer { first = nil }
                return first
            }
            do {
                if let first { return file.withLock { $0.beginning(first) } }
                let part = try await export.next()
                return file.withLock { file in part.map { file.part($0) } ?? file.end() }
            } catch {
                note(error, of: context)
                throw error
            }
        }
        return .download(stream, mediaType: format.mediaType, name: "obrolan-\(context.room).\(format.rawValue)")
    }
}
