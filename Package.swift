// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is built with: Swift 6, warnings as errors, imports that say what they use.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Pure targets: no clock, no file, no socket; every unsafe expression is marked as such.
let pure = strict + [.strictMemorySafety()]

let cWarnings: [CSetting] = [.treatAllWarnings(as: .error)]

let products: [Product] = [
    .executable(name: "plenary", targets: ["plenary"]),
    .executable(name: "plenary-load", targets: ["plenary-load"]),
]

let targets: [Target] = [
    // Pure: bytes and time in, bytes and facts out.
    .target(name: "WebSocket", swiftSettings: pure),
    .target(name: "Sessions", swiftSettings: pure),
    .target(name: "SessionProtocol", dependencies: ["Sessions"], swiftSettings: pure),
    .target(name: "Fanout", dependencies: ["WebSocket"], swiftSettings: pure),
    .target(
        name: "SessionEngine",
        dependencies: ["WebSocket", "Sessions", "SessionProtocol", "Fanout"],
        swiftSettings: pure
    ),

    // The outside world: disk, sockets, threads, processes.
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .target(
        name: "Tickets",
        dependencies: ["Sessions", "SessionProtocol", "COpenSSL"],
        swiftSettings: strict
    ),
    .target(name: "CPage", exclude: ["page"], cSettings: cWarnings),
    .target(name: "Journal", dependencies: ["Sessions", "CLinux"], swiftSettings: strict),
    .target(
        name: "Transport",
        dependencies: ["Fanout", "WebSocket", "CLinux", "COpenSSL"],
        swiftSettings: strict
    ),
    .target(
        name: "PlenaryServer",
        dependencies: [
            "WebSocket", "Sessions", "SessionProtocol", "Fanout", "SessionEngine", "Journal", "Tickets",
            "Transport", "CLinux", "COpenSSL", "CPage",
        ],
        swiftSettings: strict
    ),
    .executableTarget(name: "plenary", dependencies: ["PlenaryServer"], swiftSettings: strict),
    .executableTarget(
        name: "plenary-load",
        dependencies: ["WebSocket", "Sessions", "SessionProtocol", "Tickets", "Transport"],
        path: "LoadTests/Driver",
        swiftSettings: strict
    ),

    .testTarget(name: "WebSocketTests", dependencies: ["WebSocket"], swiftSettings: strict),
    .testTarget(name: "SessionsTests", dependencies: ["Sessions"], swiftSettings: strict),
    .testTarget(
        name: "SessionProtocolTests",
        dependencies: ["SessionProtocol", "Sessions"],
        swiftSettings: strict
    ),
    .testTarget(name: "FanoutTests", dependencies: ["Fanout", "WebSocket"], swiftSettings: strict),
    .testTarget(
        name: "SessionEngineTests",
        dependencies: ["SessionEngine", "Sessions", "SessionProtocol", "Fanout", "WebSocket"],
        swiftSettings: strict
    ),
    .testTarget(name: "JournalTests", dependencies: ["Journal", "Sessions"], swiftSettings: strict),
    .testTarget(
        name: "TransportTests",
        dependencies: ["Transport", "Fanout", "WebSocket"],
        swiftSettings: strict
    ),
    .testTarget(
        name: "PlenaryServerTests",
        dependencies: [
            "PlenaryServer", "Journal", "SessionEngine", "SessionProtocol", "Sessions", "Fanout", "WebSocket",
            "Tickets", "Transport",
        ],
        swiftSettings: strict
    ),
    .testTarget(
        name: "LoadDriverTests",
        dependencies: [
            "plenary-load", "WebSocket", "Sessions", "SessionProtocol", "Tickets", "Transport",
        ],
        swiftSettings: strict
    ),
    .testTarget(
        name: "SimulationTests",
        dependencies: [
            "SessionEngine", "Journal", "Sessions", "SessionProtocol", "Fanout", "WebSocket",
        ],
        swiftSettings: strict
    ),
    .testTarget(name: "TidyTests", swiftSettings: strict),
]

/// `PLENARY_ONLY=Sessions,SessionsTests` builds these targets and no product: a part of the tree is tried in seconds, and
/// `make simulate` builds in release what random evenings need, and not the whole test bundle.
let only = Context.environment["PLENARY_ONLY"].map { Set($0.split(separator: ",").map(String.init)) }

/// `make fuzz` builds one program of its own, with libFuzzer in it, and all that it reads with: the libraries, and the
/// driver's reader of scenarios.
let fuzzing: Target = .executableTarget(
    name: "Fuzz",
    dependencies: ["WebSocket", "Sessions", "SessionProtocol", "Tickets", "Journal", "PlenaryServer"],
    path: ".",
    exclude: [
        "LICENSE", "LoadTests/Bench", "LoadTests/README.md", "LoadTests/Results", "LoadTests/Scenarios",
        "LoadTests/loadtest", "Makefile", "Protocol", "README.md", "Sources", "Tests/EndToEnd",
        "Tests/Fuzz/Seeds", "Tests/Fuzz/seeds.py",
        "Tests/Journals",
    ],
    sources: ["Tests/Fuzz"]
        + [
            "Scenario", "ScenarioEstimate", "ScenarioField", "ScenarioFields", "ScenarioReader",
            "ScenarioRules", "ScenarioThresholdRules",
            "ScenarioTimes", "ScenarioValues", "Wording",
        ].map { "LoadTests/Driver/Scenario/\($0).swift" },
    swiftSettings: strict
)
let isFuzzing = Context.environment["PLENARY_FUZZ"] != nil
let fuzzed = targets.filter { ![.test, .executable].contains($0.type) } + [fuzzing]

let package = Package(
    name: "plenary",
    products: only == nil && !isFuzzing ? products : [],
    targets: isFuzzing ? fuzzed : targets.filter { only?.contains($0.name) ?? true },
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu2x
)
