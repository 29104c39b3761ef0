import PostgreSQL

/// The first look of a held request, and what is kept of that and of the later ones.
extension RoomFeed {
    /// What is known without a look, if that is enough to wait.
    func known(to request: HeldRequest) -> (viewer: Viewer, batch: MessageBatch)? {
        guard hearsOthers, let news = held[request.room]?.news,
            let (viewer, room) = held[request.room]?.knowledge.reader(
                request.session, after: request.cursor, news: news)
        else { return nil }
        return (viewer, MessageBatch(room: room, messages: [], hasMore: false))
    }

    func firstLook(_ request: HeldRequest) async throws -> (viewer: Viewer, batch: MessageBatch) {
        let changes = readerChanges
        let history = try await RoomHistory.read(
            .after(request.cursor, limit: request.limit), of: request.room, for: request.session, in: database)
        if history.messages.isEmpty, let news = request.seenNews {
            note(history.room, lastID: request.cursor, news: news)
            if changes == readerChanges { note(history.viewer, request, news: news) }
        }
        return (history.viewer, MessageBatch(room: history.room, messages: history.messages, hasMore: history.hasMore))
    }

    func note(_ room: Room, lastID: Int64, news: Int) {
        if hearsOthers { held.note(room, lastID: lastID, news: news) }
    }

    func note(_ viewer: Viewer, _ request: HeldRequest, news: Int) {
        if hearsOthers { held.note(viewer, session: request.session, in: request.room, news: news) }
    }
}
