// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

// What each target may import is told in ARCHITECTURE.md, and held by a test.
let package = Package(
    name: "obrolan",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CQRencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .target(name: "CEpoll"),
        .target(
            name: "NonblockingIO",
            dependencies: [
                "CEpoll",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: settings),
        .target(name: "HTTP", swiftSettings: settings),
        .target(name: "HTTPTransport", dependencies: ["CZlib", "HTTP", "NonblockingIO"], swiftSettings: settings),
        .target(
            name: "PostgreSQL",
            dependencies: ["CLibpq", "NonblockingIO", .product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: settings),
        .target(name: "HTMLTemplate", swiftSettings: settings),
        .target(name: "QRCode", dependencies: ["CQRencode"], swiftSettings: settings),
        .target(
            name: "Chat",
            dependencies: [
                "NonblockingIO", "PostgreSQL", .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(
            name: "ChatWeb",
            dependencies: ["Chat", "HTMLTemplate", "HTTP", "QRCode", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),
        .target(
            name: "Site",
            dependencies: [
                "Chat", "ChatWeb", "HTMLTemplate", "HTTP", "HTTPTransport", "NonblockingIO", "PostgreSQL",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(name: "EmbeddedPostgreSQL", swiftSettings: settings),
        .executableTarget(
            name: "obrolan",
            dependencies: [
                "ChatWeb", "EmbeddedPostgreSQL", "HTTP", "HTTPTransport", "NonblockingIO", "PostgreSQL", "Site",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        // What the tests of several targets have in common.
        .target(
            name: "TestSupport", dependencies: ["CZlib", "PostgreSQL"], path: "Tests/TestSupport",
            swiftSettings: settings),
        .testTarget(name: "NonblockingIOTests", dependencies: ["NonblockingIO"], swiftSettings: settings),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP"], swiftSettings: settings),
        .testTarget(
            name: "HTTPTransportTests",
            dependencies: ["HTTP", "HTTPTransport", "NonblockingIO", "TestSupport"],
            swiftSettings: settings),
        .testTarget(name: "HTMLTemplateTests", dependencies: ["HTMLTemplate"], swiftSettings: settings),
        .testTarget(name: "QRCodeTests", dependencies: ["QRCode"], swiftSettings: settings),
        .testTarget(
            name: "EmbeddedPostgreSQLTests", dependencies: ["EmbeddedPostgreSQL"], swiftSettings: settings),
        .testTarget(
            name: "PostgreSQLTests", dependencies: ["CLibpq", "NonblockingIO", "PostgreSQL", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "ChatTests",
            dependencies: [
                "Chat", "ChatWeb", "EmbeddedPostgreSQL", "HTMLTemplate", "HTTP", "HTTPTransport", "NonblockingIO",
                "PostgreSQL", "QRCode", "TestSupport", "Site",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ObrolanTests",
            dependencies: [
                "EmbeddedPostgreSQL", "HTTP", "HTTPTransport", "NonblockingIO", "obrolan",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
    ]
)
