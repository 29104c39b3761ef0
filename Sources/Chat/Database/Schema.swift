import FoundationEssentials

/// How the tables come to be: by `schema.sql` as a whole where there are none, by numbered steps where there are.
package struct Schema: Sendable {
    /// What the steps add up to.
    let whole: String
    /// The first has the number 1.
    let steps: [SchemaStep]

    /// Reads `schema.sql` and the files of the folder `Schema` beside it, which are called `0001-….sql` and so on.
    /// - Throws: `SchemaProblem` when the numbers have a gap, or why a file cannot be read.
    package init(file: String) throws {
        whole = try String(contentsOfFile: file, encoding: .utf8)
        let folder = (file.lastIndex(of: "/").map { file[...$0] } ?? "") + "Schema"
        steps = try FileManager.default.contentsOfDirectory(atPath: String(folder))
            .filter { $0.hasSuffix(".sql") && !$0.hasPrefix(".") }.sorted().enumerated()
            .map { index, name in
                guard name.prefix(while: { $0 != "-" }).count == 4, Int(name.prefix(4)) == index + 1 else {
                    throw SchemaProblem.misnumbered(file: "\(folder)/\(name)", expected: index + 1)
                }
                let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
                return SchemaStep(number: index + 1, name: String(name.dropLast(".sql".count)), text: text)
            }
    }

    init(whole: String, steps: [SchemaStep]) {
        self.whole = whole
        self.steps = steps
    }
}
