import Foundation
import Testing

/// The walls between the targets: what each may import, of ours and of others. A wall that is in the way is moved here, with
/// the reason in the commit; it is not climbed over.
struct WallTests {
    static let allowed: [String: Set<String>] = [
        "NonblockingIO": ["CEpoll", "DequeModule", "Dispatch", "Glibc", "HeapModule", "Synchronization"],
        "HTTP": [],
        "HTTPTransport": ["CZlib", "FoundationEssentials", "HTTP", "NonblockingIO", "Synchronization"],
        "PostgreSQL": ["CLibpq", "DequeModule", "Glibc", "NonblockingIO", "Synchronization"],
        "HTMLTemplate": ["Darwin", "Glibc"],
        "QRCode": ["CQRencode"],
        // The domain: it knows neither HTTP nor HTML, and nothing of Dispatch.
        "Chat": [
            "DequeModule", "FoundationEssentials", "Logging", "NonblockingIO", "PostgreSQL", "Swift", "Synchronization",
        ],
        // What people and programs see of it: no sockets, no SQL.
        "ChatWeb": ["Chat", "HTMLTemplate", "HTTP", "Logging", "QRCode", "Synchronization"],
        "Site": [
            "Chat", "ChatWeb", "HTMLTemplate", "HTTP", "HTTPTransport", "Logging", "NonblockingIO", "PostgreSQL",
            "Synchronization",
        ],
        "EmbeddedPostgreSQL": ["Glibc", "Synchronization"],
        // The command line: nothing of the chat's rules.
        "obrolan": [
            "ArgumentParser", "ChatWeb", "Dispatch", "EmbeddedPostgreSQL", "FoundationEssentials", "Glibc", "HTTP",
            "HTTPTransport", "Logging", "NonblockingIO", "PostgreSQL", "Site", "Synchronization",
        ],
    ]

    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources")

    @Test(arguments: allowed.keys.sorted()) func `a target imports what it may and nothing else`(
        _ target: String
    ) throws {
        let folder = Self.sources.appending(path: target)
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        #expect(!files.isEmpty)
        let mayImport = try #require(Self.allowed[target])
        for file in files {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for line in text.split(separator: "\n") {
                guard let imported = Self.module(importedBy: line) else { continue }
                #expect(mayImport.contains(imported), "\(target)/\(file): \(line)")
            }
        }
    }

    /// Those with a C in front are other people's headers.
    @Test func `each target has its walls`() throws {
        let targets = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
        #expect(Set(targets).subtracting(["CEpoll", "CLibpq", "CQRencode", "CZlib"]) == Set(Self.allowed.keys))
    }

    @Test(arguments: [
        ("import Chat", "Chat"), ("package import HTTP", "HTTP"), ("@_spi(_Unicode) import Swift", "Swift"),
        ("    import Glibc", "Glibc"), ("internal import CLibpq // why", "CLibpq"), ("import struct Chat.Room", "Chat"),
    ])
    func `an import is seen however it is written`(_ line: String, module: String) {
        #expect(Self.module(importedBy: Substring(line)) == module)
    }

    @Test(arguments: ["// import Chat", "let important = 1", "important()"]) func `nothing else is one`(
        _ line: String
    ) {
        #expect(Self.module(importedBy: Substring(line)) == nil)
    }

    private static func module(importedBy line: Substring) -> String? {
        let line = line.drop { $0 == " " }
        guard !line.hasPrefix("//") else { return nil }
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), words[..<place].allSatisfy(isModifier) else { return nil }
        var names = words[(place + 1)...]
        if let kind = names.first, ["struct", "class", "enum", "protocol", "func", "typealias"].contains(kind) {
            names.removeFirst()
        }
        return names.first?.split(separator: ".").first.map(String.init)
    }

    private static func isModifier(_ word: Substring) -> Bool {
        word.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains(word)
    }
}
