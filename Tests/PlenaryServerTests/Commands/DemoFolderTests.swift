import Foundation
import PlenaryServer
import Sessions
import Testing
import Tickets

struct DemoFolderTests {
    private let now = TicketFixture.now

    private func withPath(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            component: "plenary-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    @Test func `the next start finds the same secret and the same evening`() throws {
        try withPath { path in
            let first = try DemoFolder(path)
            let secret = try first.secret()
            let evening = try first.evening(at: now, isOpen: { _ in true })
            let second = try DemoFolder(path)
            let ticket = try ticket(secret, evening)
            #expect(
                try self.ticket(
                    try second.secret(),
                    try second.evening(at: now + 60_000, isOpen: { _ in true })
                ) == ticket
            )
        }
    }

    @Test func `an evening that has ended is followed by another`() throws {
        try withPath { path in
            let folder = try DemoFolder(path)
            let first = try folder.evening(at: now, isOpen: { _ in true })
            let second = try folder.evening(at: now, isOpen: { $0 != first.session })
            #expect(second.session != first.session)
            #expect(try folder.evening(at: now, isOpen: { _ in true }).session == second.session)
        }
    }

    @Test func `tickets that are about to expire are made anew for the same evening`() throws {
        try withPath { path in
            let folder = try DemoFolder(path)
            let first = try folder.evening(at: now, isOpen: { _ in true })
            let second = try folder.evening(at: first.expiresAt - 1_000, isOpen: { _ in true })
            #expect(second.session == first.session)
            #expect(second.expiresAt > first.expiresAt)
        }
    }

    @Test func `nobody else may read the secret`() throws {
        try withPath { path in
            let folder = try DemoFolder(path)
            _ = try folder.secret()
            _ = try folder.evening(at: now, isOpen: { _ in true })
            for name in ["secret", "demo.json"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
                #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            }
        }
    }

    @Test func `a file that was spoilt is made anew, and a spoilt secret is not`() throws {
        try withPath { path in
            let folder = try DemoFolder(path)
            try Data("{".utf8).write(to: URL(fileURLWithPath: "\(path)/demo.json"))
            _ = try folder.evening(at: now, isOpen: { _ in true })
            try Data("short".utf8).write(to: URL(fileURLWithPath: "\(path)/secret"))
            #expect(throws: ConfigurationFault.self) { try folder.secret() }
        }
    }

    @Test func `a folder that cannot be made ends with 73`() throws {
        #expect {
            _ = try DemoFolder("/dev/null/demo")
        } throws: { error in
            (error as? ConfigurationFault)?.exit == .cannotCreate
        }
    }

    private func ticket(
        _ secret: Secret,
        _ evening: (session: SessionID, expiresAt: Milliseconds)
    ) throws -> String {
        let claims = TicketClaims(
            person: try #require(PersonID("host".utf8)),
            name: Text("Host"),
            role: .host,
            session: try #require(SessionPattern(evening.session.text.utf8)),
            expiresAt: evening.expiresAt
        )
        return try TicketWriter(secret: secret).ticket(claims)
    }
}
