import Foundation
import Journal
import PlenaryServer
import Sessions
import Synchronization
import Testing
import Tickets

/// What a command said, and how it ended.
private struct Said {
    var code: ExitCode
    var output: [String]
    var complaints: [String]
}

private final class Ears: Sendable {
    let output = Mutex<[String]>([])
    let complaints = Mutex<[String]>([])

    var outlet: Outlet {
        Outlet(
            print: { [self] text in output.withLock { $0.append(text) } },
            complain: { [self] text in complaints.withLock { $0.append(text) } }
        )
    }
}

struct ProgramTests {
    private func run(_ arguments: String..., environment: [String: String] = [:]) -> Said {
        let ears = Ears()
        let code = Program(arguments: arguments, environment: environment, outlet: ears.outlet).run()
        return Said(
            code: code,
            output: ears.output.withLock { $0 },
            complaints: ears.complaints.withLock { $0 }
        )
    }

    /// A folder that is gone after `body`.
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            component: "plenary-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private func secretFile(in folder: URL) throws -> String {
        let file = folder.appending(component: "secret")
        try Data(TicketFixture.key + [0x0A]).write(to: file)
        return file.path
    }

    @Test func `without a command it says what there is and ends with 64`() {
        let said = run()
        #expect(said.code == .usage && said.output.isEmpty)
        for command in Subcommand.allCases { #expect(said.complaints[0].contains("  \(command.rawValue)")) }
    }

    @Test func `help is a result`() {
        for said in [run("help"), run("--help"), run("-h")] {
            #expect(said.code == .success && said.complaints.isEmpty && said.output.count == 1)
        }
        for command in Subcommand.allCases {
            let said = run(command.rawValue, "--help")
            #expect(said.code == .success)
            #expect(said.output.first?.hasPrefix("Usage: plenary \(command.rawValue)") == true)
            #expect(run("help", command.rawValue).output == said.output)
        }
        #expect(run("help", "me").code == .usage)
    }

    @Test func `an unknown command is told the nearest`() {
        let said = run("sevre")
        #expect(said.code == .usage)
        #expect(said.complaints.first == "plenary has no command \"sevre\". Did you mean plenary serve?")
    }

    @Test func `version says which`() {
        #expect(run("version").output == ["plenary \(Version.text)"])
        #expect(run("--version").output == ["plenary \(Version.text)"])
        #expect(run("version", "please").code == .usage)
    }

    @Test func `serve says what it lacks`() {
        #expect(run("serve").code == .usage)
        let said = run("serve", "--data", "x")
        #expect(said.code == .usage)
        #expect(said.complaints.first == "plenary serve needs --secret-file FILE or --keys-file FILE.")
        #expect(run("serve", "--data", "x", "--secret-file", "/nowhere/secret").code == .configuration)
    }

    @Test func `a demo stays on its machine unless told otherwise`() {
        let said = run("demo", "--listen", "0.0.0.0:0")
        #expect(said.code == .usage)
        #expect(said.complaints.first?.contains("--open-to-the-network") == true)
        #expect(run("demo", "--admin", "192.0.2.1:9").code == .usage)
    }

    @Test func `ticket makes one that the server takes`() throws {
        try withFolder { folder in
            let said = run(
                "ticket",
                "--secret-file",
                try secretFile(in: folder),
                "--session",
                "evening",
                "--person",
                "p7",
                "--name",
                "Teacher",
                "--role",
                "cohost",
                "--school",
                "North",
                "--expires",
                "12h"
            )
            #expect(said.code == .success)
            let ticket = try #require(said.output.first)
            let now = Int64(Date().timeIntervalSince1970 * 1_000)
            let verifier = try TicketFixture.verifier()
            let admission = try verifier.admission(
                Array(ticket.utf8),
                to: try TicketFixture.session(),
                at: now
            )
            #expect(admission.role == .cohost && admission.school == Text("North") && !admission.isExpired)
            let later = now + 12 * 3_600_000 + 31_000
            #expect(
                try verifier.admission(Array(ticket.utf8), to: try TicketFixture.session(), at: later)
                    .isExpired
            )
        }
    }

    @Test func `with a URL it is a link`() throws {
        try withFolder { folder in
            let said = run(
                "ticket",
                "--session",
                "evening",
                "--person",
                "p7",
                "--name",
                "Teacher",
                "--url",
                "https://live.example.org/",
                environment: ["PLENARY_SECRET_FILE": try secretFile(in: folder)]
            )
            #expect(
                said.output.first?.hasPrefix("https://live.example.org/#session=evening&ticket=ey") == true
            )
        }
    }

    @Test(arguments: [
        ["--person", "p7"], ["--session", "x"],
        ["--session", "x", "--person", "p", "--name", "A", "--role", "king"],
        ["--session", "x*", "--person", "p", "--name", "A", "--url", "https://a.example"],
        ["--session", "x", "--people", "f.csv", "--person", "p"],
        ["--session", "x", "--person", "p", "--name", "A", "--expires", "soon"],
        ["--session", "x", "--person", "p", "--name", "A", "--url", "https://a.example/#x"],
        ["--session", "x", "--person", "p", "--name", "A\u{202E}"],
    ])
    func `ticket refuses what makes no sense`(arguments: [String]) throws {
        try withFolder { folder in
            let all = ["ticket", "--secret-file", try secretFile(in: folder)] + arguments
            let ears = Ears()
            #expect(Program(arguments: all, environment: [:], outlet: ears.outlet).run() == .usage)
            #expect(ears.output.withLock { $0 }.isEmpty)
        }
    }

    @Test func `a file of people comes back with links, or not at all`() throws {
        try withFolder { folder in
            let people = folder.appending(component: "people.csv")
            let secret = try secretFile(in: folder)
            try Data(
                "name,role,email\nTeacher,host,teacher@example.org\nGuest,participant,guest@example.org\n"
                    .utf8
            ).write(
                to: people
            )
            let ask = { () -> Said in
                self.run(
                    "ticket",
                    "--secret-file",
                    secret,
                    "--session",
                    "evening",
                    "--people",
                    people.path,
                    "--url",
                    "https://live.example.org"
                )
            }
            let good = ask()
            #expect(good.code == .success)
            #expect(good.output.first?.split(separator: "\r\n").count == 3)
            try Data("name,role,email\nTeacher,host,teacher@example.org\nGuest,chief,bo\n".utf8).write(
                to: people
            )
            let bad = ask()
            #expect(bad.code == .badData && bad.output.isEmpty)
            #expect(bad.complaints.count == 3)
            #expect(bad.complaints.first?.contains("Line 3: ") == true)
        }
    }

    @Test func `verify reads a folder and says what is there`() throws {
        try withFolder { folder in
            #expect(run("verify", "--data", folder.path).complaints == ["\(folder.path) holds no journal."])
            let recovery = try JournalRecovery(storage: DiskStorage(directory: folder.path))
            #expect(try recovery.next() == nil)
            let writer = try recovery.makeWriter(mode: .batch, at: TicketFixture.now)
            try writer.close(at: TicketFixture.now)
            let said = run("verify", "--data", folder.path)
            #expect(said.code == .success && said.complaints.isEmpty)
            #expect(said.output.first?.hasPrefix("0 records") == true)
            #expect(said.output.first?.hasSuffix("ok") == true)
        }
        #expect(run("verify").code == .usage)
        #expect(run("verify", "--data", "/nowhere/data").code == .configuration)
    }
}
