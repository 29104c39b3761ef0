import NonblockingIO
import PostgreSQL
import TestSupport

extension TestSite {
    /// Runs `body` while a session of its own has run these statements and not committed them yet: what they have locked
    /// is locked until `body` has come back.
    func whileAnotherSession<Value: Sendable>(
        _ statements: String..., body: () async throws -> Value
    ) async throws -> Value {
        let pool = PostgresPool(
            loop: try EventLoop(label: "test.session"),
            configuration: PostgresConfiguration(
                connectionString: schema.connectionString, acquireTimeout: .patience, patience: .patience))
        await pool.start()
        do {
            let value = try await pool.withOpenTransaction(statements, body)
            await pool.close()
            return value
        } catch {
            await pool.close()
            throw error
        }
    }
}
