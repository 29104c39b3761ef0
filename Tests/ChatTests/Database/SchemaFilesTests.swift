import FoundationEssentials
import Testing

@testable import Chat

/// The steps' files.
struct SchemaFilesTests {
    @Test func `the steps are numbered without a gap, and the whole says the last number`() throws {
        let tables = try TestSite.tables
        #expect(tables.steps.map(\.number) == Array(1...tables.steps.count))
        #expect(tables.whole.contains("INSERT INTO schema_step VALUES (\(tables.steps.count));"))
    }

    @Test(arguments: [
        (["0001-a.sql", "0002-b.sql", ".0003-c.sql", "notes.txt"], true), (["0001-a.sql", "0003-b.sql"], false),
        (["0002-a.sql"], false), (["0001-a.sql", "0001-b.sql"], false), (["1-a.sql"], false),
    ])
    func `a gap is told`(names: [String], isRight: Bool) throws {
        let directory = try Watchdog.makeDirectory()
        try FileManager.default.createDirectory(atPath: "\(directory)/Schema", withIntermediateDirectories: false)
        for name in names + ["../schema.sql"] {
            try Data("SELECT 1".utf8).write(to: URL(filePath: "\(directory)/Schema/\(name)"))
        }
        if isRight {
            #expect(try Schema(file: "\(directory)/schema.sql").steps.map(\.name) == ["0001-a", "0002-b"])
        } else {
            #expect(throws: SchemaProblem.self) { try Schema(file: "\(directory)/schema.sql") }
        }
    }

    @Test(arguments: [
        (SchemaProblem.later(step: 17, known: 15), "at step 17, and this version knows 15"),
        (.rights(role: "web", owner: nil, step: nil, known: 15), "`GRANT CREATE ON SCHEMA public TO web`"),
        (.rights(role: "web", owner: "web", step: 3, known: 15), "`GRANT CREATE ON SCHEMA public TO web`"),
        (.rights(role: "web", owner: "desa", step: nil, known: 15), "of an earlier version, and the role web may not"),
        (.rights(role: "web", owner: "desa", step: 3, known: 15), "at step 3 of 15"),
        (.rights(role: "web", owner: "desa", step: 3, known: 15), "once as the role desa"),
    ])
    func `a problem is told in a sentence`(problem: SchemaProblem, words: String) {
        #expect(problem.description.contains(words))
        #expect(!problem.description.contains("\n"))
    }

    @Test func `the first line says what is outside a transaction`() {
        func kind(_ text: String) -> SchemaStep.Kind { SchemaStep(number: 1, name: "", text: text).kind }
        #expect(kind("SELECT 1;\n-- Outside a transaction") == .transaction)
        #expect(kind("-- Outside a transaction\nSELECT 1") == .statement)
        #expect(kind("-- Outside a transaction: the index a_b\nSELECT 1") == .index("a_b"))
    }
}
