import ArgumentParser
import Foundation
import Testing

@testable import obrolan

struct SettingsTests {
    @Test func `every setting is an option, with its default and its variable in the help, and every option a setting`()
    {
        // The words of a long option begin on the next line.
        let help = ServeOptions.helpMessage(columns: 10_000).replacing(/\n {10,}/, with: "  ").split(separator: "\n")
            .filter { $0.hasPrefix("  --") }
        let expected = Settings.all.map { "--\($0.name)  \($0.words) (default: \($0.shownStandard)) [\($0.variable)]" }
        // Without what stands for the value, and the spaces that make a column.
        let found = help.map { line in
            String(line.drop { $0 == " " }).replacing(/^(--\S+) <\S+>\s+/) { "\($0.output.1)  " }
        }
        #expect(found.sorted() == expected.sorted())
    }

    @Test func `names and variables are each one setting's`() {
        #expect(Set(Settings.all.map(\.name)).count == Settings.all.count)
        #expect(Set(Settings.all.map(\.variable)).count == Settings.all.count)
        #expect(Settings.all.allSatisfy { $0.variable.hasPrefix("OBROLAN_") || $0.name == "database-url" })
    }

    @Test func `the README has each of them, in the same words`() throws {
        let readme = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "README.md")
        let rows = try String(contentsOf: readme, encoding: .utf8).split(separator: "\n").filter {
            $0.hasPrefix("| `--")
        }
        let expected = Settings.all.map { "| `--\($0.name)` | `\($0.variable)` | \($0.shownStandard) | \($0.words) |" }
        #expect(rows.map(String.init) == expected)
    }

    @Test func `the version is told`() throws {
        #expect(Obrolan.configuration.version == Version.text)
        #expect(Version.text.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
    }
}
