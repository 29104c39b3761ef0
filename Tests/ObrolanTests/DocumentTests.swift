import Foundation
import Testing

/// What the documents name is there.
struct DocumentTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test(arguments: ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/decisions/README.md", "docs/proofs.md"])
    func `a file or a folder that is named is there`(_ document: String) throws {
        let text = try String(contentsOf: Self.root.appending(path: document), encoding: .utf8)
        let folder = Self.root.appending(path: document).deletingLastPathComponent()
        for link in text.matches(of: /\]\(([^):#]+)\)/) {
            let path = String(link.output.1)
            #expect(FileManager.default.fileExists(atPath: folder.appending(path: path).path), "\(path)")
        }
        for name in text.matches(of: /`((?:Sources|Tests|Templates|Public|Scripts|docs)\/[\w+\/.-]*)`/) {
            let path = String(name.output.1)
            #expect(FileManager.default.fileExists(atPath: Self.root.appending(path: path).path), "\(path)")
        }
    }

    /// By the names that ARCHITECTURE.md gives after a file: ``` `File.swift`: `function` ```.
    @Test func `a function that is named is in its file`() throws {
        let text = try String(contentsOf: Self.root.appending(path: "ARCHITECTURE.md"), encoding: .utf8)
        let names = text.matches(of: /`(Sources\/[\w+\/]+\.swift)`: `(\w+)/)
        #expect(names.count >= 10)
        for name in names {
            let source = try String(contentsOf: Self.root.appending(path: String(name.output.1)), encoding: .utf8)
            #expect(source.contains("func \(name.output.2)("), "\(name.output.0)")
        }
    }
}
