import Testing

@testable import PostgreSQL

/// What a program is told of an error of the server.
struct ErrorTests {
    private static func error(_ sqlState: String) -> PostgresError {
        PostgresError(.server, "no", sqlState: sqlState)
    }

    @Test(arguments: [
        ("25006", true), ("40001", true), ("40P01", true), ("53100", true), ("53300", true), ("55P03", true),
        ("57014", true), ("57P01", true), ("22023", false), ("23505", false), ("25001", false), ("42P01", false),
        ("XX000", false), ("08007", false), ("40003", false),
    ])
    func `an error tells whether its reason may be gone the next time`(sqlState: String, isTransient: Bool) {
        #expect(Self.error(sqlState).isTransient == isTransient)
    }

    @Test(arguments: ["40000", "40001", "40002", "40P01", "55P03"])
    func `who gave way to others, or did not get their lock, is told that they are busy`(sqlState: String) {
        let error = Self.error(sqlState)
        #expect(error.isBusy)
        #expect(!error.isUnavailable && !error.isOutcomeUnknown)
        #expect("\(error)" == "PostgreSQL error \(sqlState)")
    }

    @Test(arguments: ["40001", "40P01"]) func `who gave way is sent again`(sqlState: String) {
        #expect(Self.error(sqlState).isWorthRepeating)
    }

    @Test(arguments: ["08007", "40003"]) func `of what may have been done nothing else is said, and it is not repeated`(
        sqlState: String
    ) {
        let error = Self.error(sqlState)
        #expect(error.isOutcomeUnknown)
        #expect(!error.isBusy && !error.isTransient && !error.isWorthRepeating)
    }
}
