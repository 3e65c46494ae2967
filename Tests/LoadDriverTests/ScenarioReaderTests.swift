import Foundation
import Testing

@testable import plenary_load

private func read(_ json: String) -> ScenarioReading { ScenarioReader.read(Array(json.utf8)) }

/// The problems of the shortest good scenario with more in it.
private func problems(with more: String) -> [String] {
    read(#"{"name":"a","seconds":600,"people":{"each":9},"thresholds":{"violations":0},"# + more + "}")
        .problems.map(\.description)
}

/// The places of problems.
private func places(_ json: String) -> [String] { read(json).problems.map(\.place) }

struct ScenarioReaderTests {
    @Test func `the shortest file has all the defaults`() throws {
        let reading = read(#"{"name":"a","seconds":60,"people":{"each":9},"thresholds":{"violations":0}}"#)
        var scenario = Scenario(name: "a", about: "", seconds: 60, people: Scenario.People(each: 9))
        scenario.thresholds = [Scenario.Threshold(measure: .violations, limit: 0)]
        #expect(reading == ScenarioReading(scenario: scenario, problems: []))
    }

    @Test func `every key goes where it belongs`() throws {
        let reading = read(
            """
            { "$schema": "x", "name": "all-of-it", "about": "Grüße!", "seed": 7, "seconds": 900, "communities": 3,
              "sessions": 2, "people": { "each": 20, "cohosts": 2, "observers": 3, "schools": 4, "secondDevice": 0.25 },
              "arrival": { "shape": "bell", "seconds": 30 },
              "chat": { "perMinute": 1.5, "bytes": { "from": 5, "to": 50 }, "direct": 0.5, "reactions": 1e-2 },
              "rounds": [
                { "at": 60, "seconds": 60, "closing": 5, "mode": "mix", "rooms": 3 },
                { "at": 200, "seconds": 60, "mode": "choose", "size": 4 }
              ],
              "hosts": { "drops": [{ "at": 300, "share": 0.5, "seconds": 40 }] },
              "drops": { "perHour": 2, "seconds": { "from": 0, "to": 9 },
                "storms": [{ "at": 400, "share": 0.75, "within": 2.5, "seconds": { "from": 3, "to": 4 } }] },
              "far": { "share": 0.2, "delayMs": 300, "cuts": { "perHour": 1, "seconds": { "from": 10, "to": 11 } },
                "sleeps": { "perHour": 3, "seconds": { "from": 70, "to": 80 } } },
              "slow": { "share": 0.1, "bytesPerSecond": 2000 }, "restarts": [{ "at": 500 }],
              "thresholds": { "p99DeliveryMs": 250, "violations": 0, "hostlessSeconds": 35.5 } }
            """
        )
        #expect(reading.problems == [])
        var scenario = Scenario(
            name: "all-of-it",
            about: "Grüße!",
            seed: 7,
            seconds: 900,
            people: .init(each: 20, cohosts: 2, observers: 3, schools: 4, secondDevice: 0.25)
        )
        (scenario.communities, scenario.sessions) = (3, 2)
        scenario.arrival = .init(shape: .bell, seconds: 30)
        scenario.chat = .init(perMinute: 1.5, bytes: .init(from: 5, to: 50), direct: 0.5, reactions: 0.01)
        scenario.rounds = [
            .init(at: 60, seconds: 60, closing: 5, mode: .mix, rooms: 3),
            .init(at: 200, seconds: 60, mode: .choose, size: 4),
        ]
        scenario.hosts.drops = [.init(at: 300, share: 0.5, seconds: 40)]
        scenario.drops = .init(
            perHour: 2,
            seconds: .init(from: 0, to: 9),
            storms: [.init(at: 400, share: 0.75, within: 2.5, seconds: .init(from: 3, to: 4))]
        )
        scenario.far = .init(
            share: 0.2,
            delayMs: 300,
            cuts: .init(perHour: 1, seconds: .init(from: 10, to: 11)),
            sleeps: .init(perHour: 3, seconds: .init(from: 70, to: 80))
        )
        scenario.slow = .init(share: 0.1, bytesPerSecond: 2_000)
        scenario.restarts = [.init(at: 500)]
        scenario.thresholds = [
            .init(measure: .p99DeliveryMs, limit: 250), .init(measure: .violations, limit: 0),
            .init(measure: .hostlessSeconds, limit: 35.5),
        ]
        #expect(reading.scenario == scenario)
    }

    @Test func `all problems of a file are told at once, each with its place`() {
        let json = """
            { "name": "Big Evening", "secnods": 600, "people": { "cohosts": "two" }, "arrival": { "shape": "bel" },
              "chat": { "bytes": { "from": 9, "to": 3 } }, "fill": 1, "far": null,
              "rounds": [{ "at": 30.0, "seconds": 4, "closing": 1, "romos": 3 }, 7, { "at": 50, "seconds": 3, "closing": 5 }],
              "thresholds": { "p99DeliverMs": 3, "violations": -1 } }
            """
        #expect(read(json).scenario == nil)
        #expect(
            places(json) == [
                "name", "secnods", "people.cohosts", "people.each", "arrival.shape", "chat.bytes", "fill",
                "far",
                "rounds[0].at", "rounds[0].romos", "rounds[1]", "thresholds.p99DeliverMs",
                "thresholds.violations",
                // What does not fit together is told as well, where the values themselves are sound.
                "rounds[2]", "rounds[2].closing",
            ]
        )
    }

    @Test func `what has to be there and is not is named`() {
        #expect(places("{}") == ["name", "seconds", "people.each", "thresholds"])
        #expect(
            problems(with: #""rounds":[{"rooms":2,"closing":1}]"#) == [
                "rounds[0].at: It is missing, and has no default; it takes a whole number from 1 to 43,200 (seconds).",
                "rounds[0].seconds: It is missing, and has no default; it takes a whole number from 2 to 43,200 (seconds).",
            ]
        )
        #expect(
            places(
                #"{"name":"a","seconds":60,"people":{"each":9},"thresholds":{"violations":0},"chat":{"bytes":{"to":9}}}"#
            ) == ["chat.bytes.from"]
        )
    }
}

struct ScenarioValuesTests {
    @Test(arguments: [
        (
            "\"communities\":0",
            "communities: 0 will not do; it takes a whole number from 1 to 2,000 (communities)."
        ),
        ("\"seed\":1.5", "seed: 1.5 will not do; it takes a whole number from 0 to 9,007,199,254,740,991."),
        (
            "\"seed\":\"1\"",
            "seed: \"1\" will not do; it takes a whole number from 0 to 9,007,199,254,740,991."
        ),
        ("\"fill\":\"yes\"", "fill: \"yes\" will not do; it takes true or false."),
        ("\"slow\":{\"share\":1.01}", "slow.share: 1.01 will not do; it takes a number from 0 to 1 (share)."),
        ("\"slow\":{\"share\":-0.1}", "slow.share: -0.1 will not do; it takes a number from 0 to 1 (share)."),
        (
            "\"slow\":{\"share\":1e999}",
            "slow.share: 1e999 will not do; it takes a number from 0 to 1 (share)."
        ),
        ("\"slow\":{\"share\":true}", "slow.share: true will not do; it takes a number from 0 to 1 (share)."),
        (
            "\"chat\":{\"perMinute\":301}",
            "chat.perMinute: 301 will not do; it takes a number from 0 to 300 (messages a minute)."
        ),
        (
            "\"chat\":{\"bytes\":{\"from\":1,\"to\":4001}}",
            "chat.bytes.to: 4001 will not do; it takes a whole number from 1 to 4,000 (bytes)."
        ),
        (
            "\"chat\":{\"bytes\":5}",
            "chat.bytes: Two whole numbers have to stand here: { \"from\": …, \"to\": … }."
        ),
        (
            "\"arrival\":{\"shape\":null}",
            "arrival.shape: null will not do; it takes one of \"atOnce\", \"even\", \"bell\"."
        ),
        ("\"about\":[]", "about: A list will not do; it takes a text of 0 to 500 bytes, on one line."),
        (
            "\"about\":\"a\\nb\"",
            "about: This text will not do; it takes a text of 0 to 500 bytes, on one line."
        ),
        ("\"rounds\":{}", "rounds: A list [ … ] of at most 50 objects has to stand here."),
        ("\"hosts\":[]", "hosts: An object { … } has to stand here."),
        ("\"$schema\":1", "$schema: A text has to stand here, for your editor."),
    ])
    func `a value that will not do is told with what would`(json: String, sentence: String) {
        #expect(problems(with: json) == [sentence])
    }

    @Test(arguments: ["Evening", "1st", "an evening", "", String(repeating: "a", count: 41), "é"])
    func `a name is good for an id`(name: String) {
        #expect(
            places(#"{"name":"\#(name)","seconds":60,"people":{"each":9},"thresholds":{"violations":0}}"#)
                == ["name"]
        )
    }

    @Test func `a list has an end`() {
        let round = #"{"at":1,"seconds":2,"closing":1,"rooms":1}"#
        let rounds = Array(repeating: round, count: 51).joined(separator: ",")
        #expect(
            problems(with: #""rounds":[\#(rounds)]"#) == [
                "rounds: A list [ … ] of at most 50 objects has to stand here."
            ]
        )
    }

    @Test(arguments: [
        ("\"drop\":{}", "drop: There is no such key. Did you mean drops?"),
        ("\"chat\":{\"perMinut\":3}", "chat.perMinut: There is no such key. Did you mean perMinute?"),
        (
            "\"drops\":{\"storms\":[{\"at\":50,\"whitin\":1}]}",
            "drops.storms[0].whitin: There is no such key. Did you mean within?"
        ),
        (
            "\"slow\":{\"weather\":1}",
            "slow.weather: There is no such key; known here are: share, bytesPerSecond."
        ),
        (
            "\"slow\":{\"\\u001b[2J\":1}",
            "slow: There is a key that cannot be shown; known are: share, bytesPerSecond."
        ),
    ])
    func `an unknown key is told the nearest one`(json: String, sentence: String) {
        #expect(problems(with: json) == [sentence])
    }

    @Test func `a misspelt key is not also missing`() {
        #expect(
            read(#"{"name":"a","second":60,"poeple":{"each":9},"thresholds":{"violations":0}}"#)
                .problems.map(\.description) == [
                    "second: There is no such key. Did you mean seconds?",
                    "poeple: There is no such key. Did you mean people?",
                ]
        )
    }
}

struct ScenarioSyntaxTests {
    @Test(arguments: [
        ("[]", "line 1, column 1", "must hold one JSON object"),
        ("", "line 1, column 1", "must hold one JSON object"),
        ("\u{FEFF}{}", "line 1, column 1", "byte order mark"),
        ("{\n  \"name\": \"a\",\n}", "line 3, column 1", "not JSON"),
        ("{\n  // a comment\n}", "line 2, column 3", "comments are not allowed"),
        ("{ \"name\": \"é\", \"name\": 1 }", "line 1, column 16", "each may stand once"),
        ("{\n\"seed\": 01 }", "line 2, column 9", "not JSON"),
        ("{\"a\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}", "line 1, column 21", "too deep"),
    ])
    func `what is no JSON is told with line and column`(json: String, place: String, part: String) throws {
        let reading = read(json)
        #expect(reading.problems.map(\.place) == [place])
        #expect(try #require(reading.problems.first).sentence.contains(part))
    }

    @Test func `a file without end is not read`() throws {
        let bytes = [UInt8](repeating: 0x20, count: ScenarioReader.maxBytes + 1)
        #expect(
            try #require(ScenarioReader.read(bytes).problems.first).sentence.contains(
                "longer than 65536 bytes"
            )
        )
    }
}
