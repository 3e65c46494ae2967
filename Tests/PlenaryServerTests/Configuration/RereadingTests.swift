import Foundation
import Journal
import PlenaryServer
import Sessions
import Testing
import Transport

/// What SIGHUP makes of options, environment and file as they are now.
struct RereadingTests {
    /// The path of a file with this text, which is gone after `body`; `body` may write it anew.
    private func with(_ text: String, _ body: (String) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(component: "\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: url) }
        try write(text, to: url.path)
        try body(url.path)
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    private func rereading(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Rereading {
        let started = ConfigurationReader.choices(.serve, arguments: arguments, environment: environment)
        _ = try started.configuration()
        return Rereading(started, arguments: arguments, environment: environment)
    }

    @Test func `the file is read again, and flag and environment still win over it`() throws {
        try with(#"{"lease-seconds": 5, "undo-seconds": 5, "away-seconds": 5}"#) { path in
            let rereading = try rereading(
                ["--config", path, "--lease-seconds", "7"],
                ["PLENARY_UNDO_SECONDS": "8"]
            )
            try write(#"{"lease-seconds": 6, "undo-seconds": 6, "away-seconds": 6}"#, to: path)
            let (configuration, waiting) = try rereading.read()
            #expect(configuration.sessions.leaseMilliseconds == 7_000)
            #expect(configuration.sessions.undoMilliseconds == 8_000)
            #expect(configuration.sessions.awayMilliseconds == 6_000)
            #expect(waiting == [])
        }
    }

    @Test func `what has left the file is at its default again, and a list is the new one`() throws {
        try with(#"{"lease-seconds": 5, "origin": ["https://a.example", "https://b.example"]}"#) { path in
            let rereading = try rereading(["--config", path])
            try write(#"{"origin": ["https://c.example"]}"#, to: path)
            let (configuration, _) = try rereading.read()
            #expect(configuration.sessions.leaseMilliseconds == 30_000)
            #expect(configuration.origins == [try #require(Origin("https://c.example"))])
        }
    }

    @Test func `what only a start can change keeps its value and is named, the rest holds`() throws {
        try with(#"{"listen": "127.0.0.1:8081", "loops": 2, "lease-seconds": 5}"#) { path in
            let rereading = try rereading(["--config", path])
            try write(
                #"{"listen": "127.0.0.1:9999", "loops": 2, "sync": "off", "lease-seconds": 6}"#,
                to: path
            )
            let (configuration, waiting) = try rereading.read()
            #expect(waiting == ["listen", "sync"])
            #expect(configuration.listen.port == 8_081)
            #expect(configuration.sync == .batch)
            #expect(configuration.loops == 2)
            #expect(configuration.sessions.leaseMilliseconds == 6_000)
        }
    }

    @Test func `a certificate may be another file, but TLS neither begins nor ends`() throws {
        let tls = #"{"tls-cert": "one.pem", "tls-key": "one.key"}"#
        try with(tls) { path in
            let secure = try rereading(["--config", path])
            try write(#"{"tls-cert": "two.pem", "tls-key": "two.key"}"#, to: path)
            #expect(try secure.read().configuration.certificateFile == "two.pem")
            #expect(try secure.read().waiting == [])
            try write("{}", to: path)
            #expect(try secure.read().configuration.certificateFile == "one.pem")
            #expect(try secure.read().waiting == ["tls-cert", "tls-key"])
            let plain = try rereading(["--config", path])
            try write(tls, to: path)
            #expect(try plain.read().configuration.certificateFile == nil)
            #expect(try plain.read().waiting == ["tls-cert", "tls-key"])
        }
    }

    @Test func `a mistake anywhere is refused with a sentence for each, also in what waits for a start`()
        throws
    {
        try with("{}") { path in
            let rereading = try rereading(["--config", path])
            try write(#"{"lease-seconds": "soon", "listen": "nowhere"}"#, to: path)
            let fault = #expect(throws: ConfigurationFault.self) { try rereading.read() }
            let said = try #require(fault).sentences
            #expect(said.count == 2)
            #expect(said.contains { $0.contains("key \"lease-seconds\"") })
            #expect(said.contains { $0.contains("key \"listen\"") })
            for text in ["{", #"{"leese-seconds": 5}"#] {
                try write(text, to: path)
                #expect(throws: ConfigurationFault.self) { try rereading.read() }
            }
            try FileManager.default.removeItem(atPath: path)
            #expect(throws: ConfigurationFault.self) { try rereading.read() }
        }
    }

    @Test func `values that do not fit each other are refused`() throws {
        try with(#"{"admin": "127.0.0.1:9000"}"#) { path in
            let rereading = try rereading(["--config", path])
            try write(#"{"ping-seconds": 30, "silence-seconds": 60}"#, to: path)
            #expect(try rereading.read().waiting == ["admin"])
            try write(#"{"ping-seconds": 30}"#, to: path)
            let fault = #expect(throws: ConfigurationFault.self) { try rereading.read() }
            #expect(try #require(fault).sentences.contains { $0.contains("silence-seconds") })
        }
    }
}
