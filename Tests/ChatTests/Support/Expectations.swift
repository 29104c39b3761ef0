import Testing

/// What a page may not do without, whatever it says.
func expectSecurityFields(_ response: Response, sourceLocation: SourceLocation = #_sourceLocation) {
    let policy = response["content-security-policy"] ?? ""
    #expect(policy.contains("default-src 'self'"), sourceLocation: sourceLocation)
    #expect(policy.contains("frame-ancestors 'none'"), sourceLocation: sourceLocation)
    #expect(!policy.contains("unsafe-"), sourceLocation: sourceLocation)
    #expect(response["x-content-type-options"] == "nosniff", sourceLocation: sourceLocation)
    #expect(response["referrer-policy"] == "same-origin", sourceLocation: sourceLocation)
    #expect(response["cache-control"] == "no-store", sourceLocation: sourceLocation)
}

/// Expects a page with that status, and with each of `texts` in it.
func expectPage(
    _ response: Response, _ status: Int, _ texts: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(response.status == status, "\(response.text.prefix(300))", sourceLocation: sourceLocation)
    #expect(response["content-type"] == "text/html; charset=utf-8", sourceLocation: sourceLocation)
    #expect(response.contains("<!DOCTYPE html>"), sourceLocation: sourceLocation)
    expectSecurityFields(response, sourceLocation: sourceLocation)
    for text in texts {
        #expect(response.contains(text), "\(text) in \(response.text)", sourceLocation: sourceLocation)
    }
}

/// Expects an error for a program (RFC 9457).
func expectProblem(
    _ response: Response, _ status: Int, field: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(response.status == status, "\(response.text)", sourceLocation: sourceLocation)
    #expect(response["content-type"] == "application/problem+json", sourceLocation: sourceLocation)
    #expect(response["x-content-type-options"] == "nosniff", sourceLocation: sourceLocation)
    let problem = try JSON(parsing: response.content)
    #expect(problem["type"].string == "about:blank", sourceLocation: sourceLocation)
    #expect(problem["title"].string == response.reason, sourceLocation: sourceLocation)
    #expect(problem["status"].int == Int64(status), sourceLocation: sourceLocation)
    #expect(problem["detail"].string?.isEmpty == false, sourceLocation: sourceLocation)
    #expect(problem["field"].string == field, sourceLocation: sourceLocation)
}

/// Expects the way on after a form.
func expectRedirect(_ response: Response, to location: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(response.status == 303, "\(response.text)", sourceLocation: sourceLocation)
    #expect(response["location"] == location, sourceLocation: sourceLocation)
    #expect(response.content.isEmpty, sourceLocation: sourceLocation)
}

/// Expects one cookie, with its value removed, to have these attributes and no other.
func expectCookie(
    _ response: Response, attributes: Set<String>, sourceLocation: SourceLocation = #_sourceLocation
) throws -> String {
    let cookies = response.values(of: "set-cookie")
    try #require(cookies.count == 1, "\(cookies)", sourceLocation: sourceLocation)
    var parts = cookies[0].split(separator: ";").map { $0.drop { $0 == " " } }
    let pair = parts.removeFirst()
    #expect(Set(parts.map(String.init)) == attributes, sourceLocation: sourceLocation)
    #expect(parts.count == attributes.count, sourceLocation: sourceLocation)
    try #require(pair.hasPrefix("obrolan_session="), sourceLocation: sourceLocation)
    return String(pair.dropFirst("obrolan_session=".count))
}

/// Runs all of them at once and gives what each came to, in their order.
func atOnce<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Value
) async throws -> [Value] {
    try await withThrowingTaskGroup(of: (Int, Value).self) { group in
        for index in 0..<count { group.addTask { (index, try await body(index)) } }
        return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

/// Expects that no answer comes to any of them yet.
func expectHeld(_ requests: OpenRequest..., sourceLocation: SourceLocation = #_sourceLocation) async throws {
    for request in requests {
        let isHeld = try await request.isHeld()
        #expect(isHeld, sourceLocation: sourceLocation)
    }
}
