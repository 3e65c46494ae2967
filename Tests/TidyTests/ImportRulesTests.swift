import Testing

@Suite struct ImportRulesTests {
    private func file(_ path: String, _ text: String) -> SourceFile {
        SourceFile(path: path, text: text)
    }

    @Test(
        arguments: [
            ("Sources/WebSocket/A.swift", "import Sessions"),
            ("Sources/Sessions/A.swift", "package import Foundation"),
            ("Sources/SessionEngine/A.swift", "import struct Foundation.Data"),
            ("Sources/Journal/A.swift", "import Foundation"),
            ("Sources/Transport/A.swift", "import Sessions"),
            ("Sources/PlenaryServer/A.swift", "import Glibc"),
            ("Sources/plenary/A.swift", "@testable import Journal"),
            ("LoadTests/Driver/A.swift", "import PlenaryServer"),
            ("Sources/Newcomer/A.swift", "import Foundation"),
            ("Tests/WebSocketTests/A.swift", "import XCTest"),
        ]
    )
    func `an import that the table does not have is found`(path: String, line: String) {
        #expect(forbiddenImports(in: file(path, "// first\n" + line)).map(\.line) == [2])
    }

    @Test func `imports that the table has are fine, and so is the word in text`() {
        let text = "package import Sessions\nimport CLinux\n// import Foundation\nlet a = \"import XCTest\""
        #expect(forbiddenImports(in: file("Sources/Journal/A.swift", text)).isEmpty)
        #expect(
            forbiddenImports(in: file("Tests/ATests/A.swift", "import Foundation\nimport Testing")).isEmpty
        )
    }

    @Test func `memory is touched in Transport, Journal and masking, else only where C is spoken to`() {
        let touch = "let a = unsafe b.load()\nfunc c(_ d: UnsafeRawPointer) {}"
        #expect(strayUnsafe(in: file("Sources/Sessions/A.swift", touch)).count == 2)
        #expect(strayUnsafe(in: file("Sources/PlenaryServer/A.swift", touch)).count == 2)
        #expect(strayUnsafe(in: file("Sources/WebSocket/A.swift", touch)).count == 2)
        #expect(strayUnsafe(in: file("Sources/WebSocket/Masking.swift", touch)).isEmpty)
        #expect(strayUnsafe(in: file("Sources/Journal/A.swift", touch)).isEmpty)
        #expect(strayUnsafe(in: file("Sources/PlenaryServer/A.swift", "import COpenSSL\n" + touch)).isEmpty)
        #expect(strayUnsafe(in: file("Sources/Sessions/A.swift", "import COpenSSL\n" + touch)).count == 2)
    }

    @Test func `the system is called in Transport and Journal alone`() {
        let call = "epoll_wait(a)\nlet b = fdatasync(c)"
        #expect(strayCalls(in: file("Sources/PlenaryServer/A.swift", call)).map(\.line) == [1, 2])
        #expect(strayCalls(in: file("Sources/Transport/A.swift", call)).isEmpty)
        let other = "hub.accept(a)\nfunc accept() {}\nlet socket = 1"
        #expect(strayCalls(in: file("Sources/PlenaryServer/A.swift", other)).isEmpty)
    }

    @Test func `the tree imports what the table has, and touches memory and system where it may`() {
        #expect(SourceTree.files.contains { $0.path.hasPrefix("Sources/WebSocket/") })
        let findings = SourceTree.files.filter(\.isSwift).flatMap {
            forbiddenImports(in: $0) + strayUnsafe(in: $0) + strayCalls(in: $0)
        }
        #expect(findings.isEmpty, "\(list(findings))")
    }
}
