@testable import EmbeddedPostgreSQL

/// Puts scripts in the place of PostgreSQL's programs.
func makePrograms(
    in directory: TestDirectory,
    postgres: String = "echo 'postgres (PostgreSQL) 15.4'",
    initdb: String = "exit 0",
    psql: String = ""
) throws -> String {
    let binaries = "\(directory.path)/bin"
    try directory.run("mkdir", binaries)
    try directory.run("chmod", "755", binaries)
    for (name, script) in [("postgres", postgres), ("initdb", initdb), ("psql", psql)] {
        try directory.write("#!/bin/sh\n\(script)\n", to: "\(binaries)/\(name)")
    }
    return binaries
}
