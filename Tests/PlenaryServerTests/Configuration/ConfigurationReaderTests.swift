import Foundation
import Journal
import PlenaryServer
import Sessions
import Testing
import Transport

struct ConfigurationReaderTests {
    private func read(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        command: Subcommand = .serve
    ) throws(ConfigurationFault) -> Configuration {
        try ConfigurationReader.read(command, arguments: arguments, environment: environment)
    }

    private func fault(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        command: Subcommand = .serve
    ) -> ConfigurationFault? {
        do {
            _ = try read(arguments, environment: environment, command: command)
            return nil
        } catch {
            return error
        }
    }

    /// The path of a file with this text, which the caller removes.
    private func file(_ text: String) throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(
            component: "plenary-\(UUID().uuidString).json"
        )
        try Data(text.utf8).write(to: url)
        return url.path
    }

    private func fault(file text: String) throws -> ConfigurationFault? {
        let path = try file(text)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return fault(["--config", path])
    }

    @Test func `without a word the defaults of the design hold`() throws {
        let configuration = try read()
        #expect(configuration.listen.description == "127.0.0.1:8080")
        #expect(configuration.sync == .batch)
        #expect(configuration.loops == 1)
        #expect(configuration.logForm == .json)
        #expect(configuration.sessions == SessionsLimits())
        #expect(configuration.admin == nil)
    }

    @Test func `the flag wins, then the environment, then the file`() throws {
        let path = try file(#"{"loops": 2, "lease-seconds": 5, "sync": "off"}"#)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let environment = ["PLENARY_LOOPS": "3", "PLENARY_LEASE_SECONDS": "6", "PLENARY_CONFIG": path]
        let configuration = try read(["--loops", "4"], environment: environment)
        #expect(configuration.loops == 4)
        #expect(configuration.sessions.leaseMilliseconds == 6_000)
        #expect(configuration.sync == .off)
    }

    @Test func `values may stand behind an equals sign, and switches alone`() throws {
        let configuration = try read(["--listen=[::1]:0", "--limit-loopback", "--sync=interval:20"])
        #expect(configuration.listen.description == "[::1]:0")
        #expect(configuration.transport.limitLoopback)
        #expect(configuration.sync == .interval(milliseconds: 20))
        #expect(!(try read(["--limit-loopback=false"]).transport.limitLoopback))
    }

    @Test func `origins may be many: flags, a list, or commas`() throws {
        let two = ["--origin", "https://a.example", "--origin", "http://b.example:81"]
        #expect(try read(two).origins.map(\.host) == ["a.example", "b.example"])
        let environment = ["PLENARY_ORIGIN": "https://a.example,https://c.example"]
        #expect(try read(environment: environment).origins.map(\.host) == ["a.example", "c.example"])
        let path = try file(#"{"origin": ["https://d.example", "https://e.example"]}"#)
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try read(["--config", path]).origins.map(\.host) == ["d.example", "e.example"])
        #expect(try read(["--config", path] + two).origins.count == 2)
    }

    @Test func `an unknown flag is named with the nearest that fits`() throws {
        let found = try #require(fault(["--lisen", "127.0.0.1:1"]))
        #expect(found.exit == .usage)
        #expect(found.sentences == ["--lisen: there is no such option. Did you mean --listen?"])
    }

    @Test func `a flag of another command is said to be one`() throws {
        let found = try #require(fault(["--person", "p1"]))
        #expect(found.exit == .usage)
        #expect(found.sentences == ["--person is no option of plenary serve."])
    }

    @Test func `arguments that are no options are refused`() throws {
        let found = try #require(fault(["data", "--"]))
        #expect(found.exit == .usage)
        #expect(found.sentences.count == 2)
    }

    @Test func `a flag twice is refused, and one without its value too`() throws {
        let twice = try #require(fault(["--loops", "1", "--loops", "2"]))
        #expect(twice.exit == .usage)
        #expect(twice.sentences.first?.contains("--loops stands there twice") == true)
        #expect(fault(["--loops"])?.sentences == ["--loops needs a value behind it: --loops N."])
    }

    @Test func `a certificate without its key is refused, and the other way round`() {
        for option in ["--tls-cert", "--tls-key"] {
            let found = fault([option, "some.pem"])
            #expect(found?.exit == .configuration)
            #expect(found?.sentences.first?.hasPrefix("tls-cert and tls-key belong together") == true)
        }
    }

    @Test(arguments: [
        ("listen", "8080"), ("listen", "host:8080"), ("listen", "127.0.0.1:65536"),
        ("listen", "127.0.0.1:-1"),
        ("loops", "0"), ("loops", "65"), ("loops", "1.5"), ("loops", "+1"), ("loops", ""), ("loops", "１"),
        ("sync", "interval:0"), ("sync", "interval:"), ("sync", "always"), ("log", "xml"),
        ("origin", "https://a.example/"), ("origin", "null"), ("origin", "https://a.example."),
        ("lease-seconds", "1e3"), ("lease-seconds", "0.0001"), ("lease-seconds", "-1"),
        ("lease-seconds", "3601"),
        ("message-bytes", "64 KiB"), ("message-bytes", "64kb"), ("message-bytes", "99999999999999999999"),
        ("data", ""),
    ])
    func `a value that does not fit is refused with what would`(name: String, value: String) throws {
        let flag = try #require(fault(["--\(name)=\(value)"]))
        #expect(flag.exit == .usage)
        #expect(flag.sentences.count == 1)
        #expect(flag.sentences.first?.hasPrefix("--\(name): \"") == true)
        #expect(flag.sentences.first?.contains("it takes") == true)
        guard name != "origin" || !value.isEmpty else { return }
        let variable = try #require(Option.named(name)).variable
        let inEnvironment = try #require(fault(environment: [variable: value]))
        #expect(inEnvironment.exit == .configuration)
        #expect(inEnvironment.sentences.first?.hasPrefix("\(variable) in the environment") == true)
    }

    @Test(arguments: [
        ("lease-seconds", "0.25", 250), ("lease-seconds", "30", 30_000), ("lease-seconds", "1.005", 1_005),
    ])
    func `seconds may have a fraction`(name: String, text: String, milliseconds: Int64) throws {
        #expect(try read(["--\(name)", text]).sessions.leaseMilliseconds == milliseconds)
    }

    @Test func `bytes may have a unit`() throws {
        #expect(try read(["--outbox-bytes", "512KiB"]).transport.outboxBytes == 512 << 10)
        #expect(try read(["--outbox-bytes", "65536"]).transport.outboxBytes == 65_536)
    }

    @Test func `what is kept is chosen in days, and attendance at least as long as words`() throws {
        let none = try read()
        #expect(none.retention == Retention())
        let both = try read(["--retain-text", "30", "--retain-attendance", "365"])
        #expect(both.retention.textDays == 30 && both.retention.attendanceDays == 365)
        for value in ["0", "36501", "30d", "-1"] { #expect(fault(["--retain-text", value])?.exit == .usage) }
        let wrong = try #require(fault(["--retain-text", "30", "--retain-attendance", "29"]))
        #expect(
            wrong.sentences.count == 1 && wrong.sentences[0].hasPrefix("retain-attendance must not be less")
        )
        _ = try read(["--retain-attendance", "29"])
    }

    @Test func `all problems are told at once`() throws {
        let environment = ["PLENARY_SYNC": "never"]
        let found = try #require(fault(["--loops", "x", "--what"], environment: environment))
        #expect(found.exit == .usage)
        #expect(found.sentences.count == 3)
    }

    @Test func `values that contradict each other are refused`() throws {
        let found = try #require(fault(["--silence-seconds", "5", "--gone-seconds", "1"]))
        #expect(found.exit == .configuration)
        #expect(found.sentences.count == 2)
    }

    @Test(arguments: [
        (["--silence-seconds", "10.9"], "silence-seconds must be a second more than ping-seconds"),
        (["--ping-seconds", "0.1"], "ping-seconds must be longer or control-frames-per-second more"),
        (
            ["--ping-seconds", "1", "--control-frames-per-second", "1"],
            "ping-seconds must be longer or control-frames-per-second more"
        ),
        (["--target-bytes", "8KiB"], "target-bytes must be less than head-bytes"),
        (["--head-bytes", "2KiB"], "target-bytes must be less than head-bytes"),
        (
            ["--message-bytes", "4511", "--help-bytes", "1"],
            "message-bytes must be 512 more than chat-bytes, or no chat"
        ),
        (
            ["--message-bytes", "8KiB", "--task-bytes", "8KiB"],
            "message-bytes must be 512 more than task-bytes, or no task"
        ),
        (
            ["--message-bytes", "8KiB", "--announcement-bytes", "7681"],
            "message-bytes must be 512 more than announcement-bytes, or no announcement"
        ),
        (
            ["--message-bytes", "8KiB", "--help-bytes", "7681"],
            "message-bytes must be 512 more than help-bytes, or no request for help"
        ),
        (
            ["--message-bytes", "4KiB", "--chat-bytes", "1", "--place-bytes", "4KiB"],
            "message-bytes must be 512 more than place-bytes, or no place"
        ),
        (
            ["--message-bytes-before-join", "65KiB"],
            "message-bytes must not be less than message-bytes-before-join"
        ),
        (["--outbox-hard-bytes", "1023KiB"], "outbox-hard-bytes must not be less than 1MiB"),
        (["--outbox-bytes", "3MiB"], "outbox-hard-bytes must not be less than outbox-bytes"),
        (["--max-seats", "1999"], "max-seats must not be less than seats-per-session"),
        (
            ["--end-seconds", "61", "--longest-end-seconds", "60"],
            "longest-end-seconds must not be less than end-seconds"
        ),
        (["--away-seconds", "91"], "gone-seconds must not be less than away-seconds"),
        (["--listen", "127.0.0.1:9", "--admin", "127.0.0.1:9"], "admin and listen are the same address"),
    ])
    func `what does not go together is refused with what to change`(
        arguments: [String],
        sentence: String
    ) throws {
        let found = try #require(fault(arguments))
        #expect(found.exit == .configuration)
        #expect(found.sentences.count == 1, "\(found.sentences)")
        #expect(found.sentences.first?.hasPrefix(sentence) == true, "\(found.sentences)")
    }

    @Test(arguments: [
        ["--silence-seconds", "11"], ["--ping-seconds", "0.2"], ["--target-bytes", "8191"],
        ["--message-bytes", "4512"], ["--message-bytes", "8KiB", "--task-bytes", "7680"],
        ["--outbox-hard-bytes", "1MiB"], ["--outbox-bytes", "2MiB"], ["--max-seats", "2000"],
        ["--end-seconds", "60", "--longest-end-seconds", "60"], ["--rooms-per-round", "200"],
        ["--away-seconds", "90"], ["--join-seconds", "0"], ["--handshake-seconds", "0.1"],
    ])
    func `what just goes together is taken`(arguments: [String]) {
        #expect(fault(arguments) == nil)
    }

    @Test func `no time at all is refused where it would shut everybody out`() throws {
        let names = ["handshake", "message", "ping", "silence", "answer", "close", "outbox", "deserted"]
        for name in names {
            #expect(try #require(fault(["--\(name)-seconds", "0"])).exit == .usage, "\(name)")
        }
        let found = try #require(fault(["--join-seconds", "0.05"]))
        #expect(
            found.sentences == [
                "--join-seconds: \"0.05\" will not do; it takes a number of seconds from 0.1 to 600, such as 30 or 0.5, "
                    + "or 0 for never."
            ]
        )
        #expect(try read(["--join-seconds", "0"]).transport.joinTimeout == 0)
        // A round of more rooms is not known to fit into a message.
        #expect(fault(["--rooms-per-round", "201"])?.sentences.first?.contains("from 1 to 200") == true)
    }

    @Test func `an unknown key of the file is named with its place and the nearest`() throws {
        let found = try #require(try fault(file: #"{"lops": 2, "sync": true}"#))
        #expect(found.exit == .configuration)
        #expect(found.sentences.count == 1)
        #expect(found.sentences.first?.contains("key \"lops\"") == true)
        #expect(found.sentences.first?.hasSuffix("Did you mean loops?") == true)
    }

    @Test(arguments: [
        ("", "line 1, column 1"), ("[]", "line 1, column 1"), ("{\n  \"loops\": 2,\n}", "line 3, column 1"),
        ("{\"loops\": 1,\n \"loops\": 2}", "line 2"), ("{\"loops\": 1} // one", "line 1, column 14"),
        (#"{"loops": null}"#, "key \"loops\""), (#"{"loops": {}}"#, "key \"loops\""),
        (#"{"loops": [1, 2]}"#, "key \"loops\""), (#"{"loops": "many"}"#, "key \"loops\""),
        (#"{"origin": [{}]}"#, "key \"origin\""),
    ])
    func `a file that cannot be understood is named with the place`(text: String, place: String) throws {
        let found = try #require(try fault(file: text))
        #expect(found.exit == .configuration)
        #expect(found.sentences.first?.contains(place) == true, "\(found.sentences)")
    }

    @Test func `a file that is not there is named`() {
        let fault = fault(["--config", "/nowhere/plenary.json"])
        #expect(fault?.exit == .configuration)
        #expect(fault?.sentences.first?.contains("/nowhere/plenary.json") == true)
    }

    @Test func `a file may serve several commands`() throws {
        let path = try file(#"{"secret-file": "secret", "listen": "127.0.0.1:9", "expires": "1h"}"#)
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try read(["--config", path]).secretFile == "secret")
        #expect(try read(["--config", path], command: .ticket).tickets.lifetime == 3_600_000)
    }

    @Test func `a slip in a variable's name is refused, and variables of others are let be`() throws {
        let found = try #require(fault(environment: ["PLENARY_LISTNE": "x"]))
        #expect(found.exit == .configuration)
        #expect(found.sentences.first?.hasSuffix("Did you mean PLENARY_LISTEN?") == true)
        let others = [
            "PLENARY_PORT": "tcp://10.0.0.1:8080", "PLENARY_SERVICE_HOST": "10.0.0.1",
            "PLENARY_BIN": "plenary",
            "PLENARY_PORT_8080_TCP": "x", "HOME": "x",
        ]
        #expect(fault(environment: others) == nil)
    }

    @Test func `no option takes just anything`() {
        for option in Option.all {
            let fault = fault(["--\(option.name)=\u{0}"], command: option.commands.first ?? .serve)
            #expect(fault?.sentences.first?.hasPrefix("--\(option.name): \"\\u{0}\" will not do") == true)
        }
    }

    @Test func `each option has a name, a variable and a help of its own`() {
        let names = Option.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Option.named("secret-file")?.variable == "PLENARY_SECRET_FILE")
        for option in Option.all {
            #expect(!option.help.isEmpty && !option.commands.isEmpty)
            #expect(option.name.allSatisfy { $0.isLowercase || $0 == "-" })
        }
    }

    @Test func `a backup goes to a folder, and its help speaks of nothing else`() throws {
        #expect(Usage.text(of: .backup).contains("\n  --to DIR\n      the folder for the copy: one that"))
        #expect(Usage.text(of: .attendance).contains("\n  --to TIME\n      the last day\n"))
        #expect(
            Usage.text(of: .replay).contains(
                "\n  --to TIME\n      the story, a line an event, up to this moment\n"
            )
        )
        #expect(fault(["--to"], command: .backup)?.sentences == ["--to needs a value behind it: --to DIR."])
        for time in ["2026-01-01T00:00", "2026-01-01 00:00:01", "16:14"] {
            let found = try #require(fault(["--to", time], command: .backup))
            #expect(
                found.sentences == [
                    "--to: \"\(time)\" will not do; it takes the path of a folder that does not exist yet."
                ]
            )
        }
        for folder in ["2026-01-01", "./16:14", "copies/2026-01-01T00:00"] {
            #expect(try read(["--to", folder], command: .backup).copyTo == folder)
        }
    }

    @Test func `the help of a command tells its options and no others`() {
        for command in Subcommand.allCases {
            let lines = Usage.text(of: command).split(separator: "\n").map(String.init)
            let told = lines.filter { $0.hasPrefix("  --") }
                .compactMap { $0.dropFirst(4).split(separator: " ").first.map(String.init) }
            let expected = Option.all.filter { $0.commands.contains(command) }.map(\.name)
            #expect(Set(told).subtracting(["config"]) == Set(expected))
            #expect(lines.allSatisfy { $0.utf8.count <= 110 })
        }
    }
}
