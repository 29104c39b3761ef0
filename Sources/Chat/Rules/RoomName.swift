/// What a room may be called; a room needs no name.
struct RoomName: Sendable {
    let text: String

    /// - Returns: nil when nothing was typed.
    /// - Throws: `RuleError` when it is too long or has control characters.
    init?(_ typed: String) throws(RuleError) {
        text = typed.trimmed
        guard !text.isEmpty else { return nil }
        guard text.unicodeScalars.count <= ChatLimits.maxRoomNameLength else {
            throw RuleError("Nama ruang paling panjang \(ChatLimits.maxRoomNameLength) karakter.")
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw RuleError("Nama ruang tidak boleh berisi karakter kendali.")
        }
    }
}
