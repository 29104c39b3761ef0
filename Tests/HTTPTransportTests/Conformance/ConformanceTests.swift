import Testing

extension TransportTests {
    /// The rules of RFC 9110 and 9112 that an origin server can be asked about, as a table of bytes and answers.
    @Suite(.conformanceServer) struct ConformanceTests {
        static let rows: [ConformanceRow] = [
            RequestLineRows.rows, TargetRows.rows, FieldRows.rows, HostRows.rows, FramingRows.rows,
            ChunkRows.rows, TrailerRows.rows, ExpectRows.rows, PersistenceRows.rows, PipelineRows.rows,
            MethodRows.rows, ContentlessRows.rows, LimitRows.rows, ErrorRows.rows,
        ].flatMap { $0 }

        @Test(arguments: rows)
        func `a request is answered as the RFC says, however it is cut`(row: ConformanceRow) async throws {
            let port = try #require(ConformanceServer.port)
            for cutting in ConformanceExchange.Cutting.allCases {
                let failure = try await onThread {
                    do {
                        try ConformanceExchange(row, cutting, port: port).run()
                        return String?.none
                    } catch let failure as ResponseReader.Failure {
                        return failure.description
                    } catch let failure as TestClient.Failure {
                        return "\(failure)"
                    }
                }
                #expect(failure == nil, "sent in \(cutting)")
                if failure != nil { return }
            }
        }

        @Test func `there are 500 rows or more, each with a name of its own and a section`() {
            let rows = Self.rows
            #expect(rows.count >= 500)
            #expect(Dictionary(grouping: rows, by: \.name).filter { $0.value.count > 1 }.keys.sorted() == [])
            for row in rows {
                let parts = row.section.split(separator: " ")
                #expect(parts.count == 2 && ["9110", "9112"].contains(parts[0]), "\(row.name)")
                #expect(parts.last?.split(separator: ".").allSatisfy { Int($0) != nil } == true, "\(row.name)")
            }
        }
    }
}
