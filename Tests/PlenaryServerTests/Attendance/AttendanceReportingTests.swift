import Foundation
import Sessions
import Testing

@testable import PlenaryServer

/// `plenary attendance` on a folder; its columns are those of `Protocol/attendance.md`.
@Suite struct AttendanceReportingTests {
    private static let figures = [
        "present_minutes", "counted_minutes", "claimed_minutes", "accepted_minutes", "marked_minutes",
        "credited_minutes", "open_claims", "rule_version", "rule_percent",
    ]

    private func attendance(_ sessions: [Telling], _ arguments: String...) throws -> Answer {
        var said: Answer?
        try Telling.withFolder(sessions) { folder in
            said = Answer(["attendance", "--data", folder] + arguments)
        }
        return try #require(said)
    }

    /// An evening of an hour, to which people of these names and schools came at the start.
    private func evening(
        _ id: String = "evening",
        number: SessionNumber = 1,
        isRehearsal: Bool = false,
        people: [(name: String, school: String)] = []
    ) throws -> Telling {
        var evening = try Telling(id, number: number, isRehearsal: isRehearsal)
        let start = evening.now
        for (index, somebody) in people.enumerated() {
            evening.now = start - 1_000
            try join(&evening, "x\(index)", somebody.name, somebody.school)
        }
        evening.now = start + 3_600_000 - 1_000
        evening.happen(.ended(reason: .ended, endedAt: start + 3_600_000))
        return evening
    }

    private func join(_ evening: inout Telling, _ id: String, _ name: String, _ school: String) throws {
        let person = try #require(PersonID(id.utf8))
        evening.happen(
            .joined(
                Joined(
                    person: person,
                    name: Text(name),
                    school: Text(school),
                    ticketRole: .participant,
                    room: .main
                )
            )
        )
    }

    private func rows(_ answer: Answer) throws -> [[String]] {
        try CSV(Array(answer.lines.joined(separator: "\n").utf8)).rows.map(\.fields)
    }

    // MARK: - CSV

    @Test func `CSV has a byte order mark, lines that end in CR LF, and the documented columns`() throws {
        let said = try attendance([evening()], "--session", "evening", "--by", "person", "--format", "csv")
        #expect(said.code == .success && said.complaints.isEmpty)
        let text = said.lines.joined(separator: "\n")
        #expect(text.unicodeScalars.first == "\u{FEFF}")
        #expect(said.lines.allSatisfy { $0.utf8.last == 0x0D })
        let head = [
            "person", "name", "school", "role", "sessions", "sessions_joined", "sessions_attended",
            "live_minutes",
        ]
        let table = try rows(said)
        #expect(table.first == head + Self.figures)
        #expect(
            table.first { $0.first == "deputy" } == [
                "deputy", "Deputy", "", "cohost", "1", "1", "1", "60", "60", "60", "0", "0", "0", "60", "0",
                "1",
                "50",
            ]
        )
    }

    @Test func `a row a session tells its state and its times in the zone`() throws {
        let said = try attendance(
            [evening()],
            "--session",
            "evening",
            "--by",
            "session",
            "--format",
            "csv",
            "--tz",
            "Europe/Berlin"
        )
        let table = try rows(said)
        let head = [
            "session", "title", "community", "state", "started", "ended", "live_minutes", "outage_minutes",
            "people", "attended",
        ]
        #expect(table.first == head + Self.figures)
        let expected = [
            "evening", "An evening", "Teachers", "over", "2026-11-28 17:00:07", "2026-11-28 18:00:07", "60",
            "0",
            "4", "4", "240", "240", "0", "0", "0", "240", "0", "1", "50",
        ]
        #expect(table.dropFirst() == [expected])
    }

    @Test func `no cell of what people wrote is a formula, and each comes back as one cell`() throws {
        let names = ["=1+1", " @SUM(A1)", "＝1", "-2", "+3", "two \"quoted\", names", "a;=1+1"]
        let people = names.map { (name: $0, school: "=School") }
        let said = try attendance(
            [evening(people: people)],
            "--session",
            "evening",
            "--by",
            "person",
            "--format",
            "csv"
        )
        let table = try rows(said)
        let found = Set(table.map { $0[1] })
        for name in ["'=1+1", "' @SUM(A1)", "'＝1", "'-2", "'+3", "two \"quoted\", names", "a;'=1+1"] {
            #expect(found.contains(name), "\(name)")
        }
        #expect(table.count { $0[2] == "'=School" } == names.count)
        #expect(table.allSatisfy { $0.count == 17 })
    }

    @Test(arguments: [
        ("\t=1", "'\t'=1"), ("\r=1", "'\r'=1"), ("\u{200B}=1", "'\u{200B}=1"),
        ("\u{A0}\u{3000}@x", "'\u{A0}\u{3000}@x"),
        ("a\n=1", "a\n'=1"), ("Ann-Marie", "Ann-Marie"), ("a = b", "a = b"), ("", ""), ("  ", "  "),
        (";-1", ";'-1"),
        ("﹣1", "'﹣1"), ("−1", "'−1"),
    ])
    func `an apostrophe stands before whatever would begin a formula`(text: String, cell: String) {
        #expect(CSV.harmless(text) == cell)
    }

    // MARK: - Sums

    @Test func `milliseconds are summed, minutes are made last`() throws {
        var evenings: [Telling] = []
        for number in 1...3 {
            var evening = try Telling("e\(number)", number: SessionNumber(number))
            evening.now += 20_000 - 1_000
            evening.happen(.ended(reason: .ended, endedAt: evening.now))
            evenings.append(evening)
        }
        let said = try attendance(
            evenings,
            "--community",
            "Teachers",
            "--from",
            "2026-11-28",
            "--to",
            "2026-11-28",
            "--by",
            "person",
            "--format",
            "csv"
        )
        let host = try #require(try rows(said).first { $0.first == "host" })
        #expect(Array(host[4...8]) == ["3", "3", "3", "1", "1"])
    }

    @Test(arguments: [(29_999, 0), (30_000, 1), (89_999, 1), (-29_999, 0), (-30_000, -1), (0, 0)])
    func `minutes are rounded to the nearest, halves away from zero`(milliseconds: Milliseconds, minutes: Int)
    {
        #expect(milliseconds.wholeMinutes == minutes)
    }

    @Test func `schools are one without regard to case, width and spacing; look-alikes are told apart`()
        throws
    {
        let people = [
            ("A", "Lincoln School"), ("B", "lincoln  school"), ("C", "Ｌincoln School"),
            ("D", "Lincon School"),
            ("E", "School, Lincoln"), ("F", "Other"), ("G", "School 1"), ("H", "School 2"),
        ].map { (name: $0.0, school: $0.1) }
        let arguments = ["--session", "evening", "--by", "school", "--format"]
        var answers: [String: Answer] = [:]
        try Telling.withFolder([evening(people: people)]) { folder in
            for form in ["csv", "json", "text"] {
                answers[form] = Answer(["attendance", "--data", folder] + arguments + [form])
            }
        }
        let csv = try #require(answers["csv"])
        let table = try rows(csv)
        #expect(table.first == ["school", "spellings", "people", "seats", "attended"] + Self.figures)
        let lincoln = try #require(table.first { $0.first == "Lincoln School" })
        #expect(Array(lincoln[1...5]) == ["3", "3", "3", "3", "180"])
        #expect(table.last?.first == "", "who names no school comes last")
        #expect(csv.complaints.count == 2 && csv.complaints[1].contains("Lincon School"))
        let json = try #require(answers["json"]?.lines.joined().data(using: .utf8))
        let document = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(
            document["lookAlike"] as? [[String]] == [["Lincoln School", "Lincon School", "School, Lincoln"]]
        )
        let text = try #require(answers["text"])
        #expect(text.complaints.isEmpty && text.lines.last?.contains("School, Lincoln") == true)
    }

    // MARK: - What is not over

    @Test func `a session that is not over is reported as of the last record, and said to be running`() throws
    {
        var evening = try Telling()
        let start = evening.now
        evening.now = start + 1_800_000 - 1_000
        evening.happen(.handRaised(evening.guest))
        let said = try attendance([evening], "--session", "evening", "--by", "session", "--format", "json")
        let json = try #require(said.lines.joined().data(using: .utf8))
        let document = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        let session = try #require((document["sessions"] as? [[String: Any]])?.first)
        #expect(session["state"] as? String == "running")
        #expect(session["asOf"] as? Int64 == start + 1_800_000)
        #expect(session["credited"] as? Int64 == 7_200_000)
        let text = try attendance([evening], "--session", "evening", "--by", "person")
        #expect(
            text.lines.contains(
                "Session evening is still running: these are its figures as of 2026-11-28 16:30:07."
            )
        )
    }

    @Test func `a session that was never started has people and no minutes, and it is said`() throws {
        var lobby = try Telling("lobby")
        lobby = try withoutStart(lobby)
        let said = try attendance([lobby], "--session", "lobby", "--by", "person")
        #expect(said.code == .success)
        #expect(said.lines.contains("Session lobby has not been started: there is nothing to count yet."))
        lobby.happen(.ended(reason: .neverStarted, endedAt: lobby.now))
        let over = try attendance([lobby], "--session", "lobby", "--by", "session", "--format", "csv")
        #expect(
            try rows(over)[1].prefix(7) == [
                "lobby", "An evening", "Teachers", "neverStarted", "", lobbyEnd(lobby), "0",
            ]
        )
    }

    private func lobbyEnd(_ lobby: Telling) -> String {
        let end = lobby.now - 1_000
        return "\(Zone.utc.day(end)) \(Zone.utc.time(end))"
    }

    /// The same up to the start.
    private func withoutStart(_ evening: Telling) throws -> Telling {
        var lobby = evening
        lobby.forgetLast()
        return lobby
    }

    // MARK: - Communities and days

    @Test func `a rehearsal is in no report but its own, which says what it is`() throws {
        let evenings = try [evening(), evening("practice", number: 2, isRehearsal: true)]
        let days = ["--from", "2026-11-28", "--to", "2026-11-28"]
        try Telling.withFolder(evenings) { folder in
            for row in AttendanceDocument.Row.allCases {
                let asked = ["attendance", "--data", folder, "--community", "Teachers", "--by", row.rawValue]
                let said = Answer(asked + days + ["--format", "json"])
                let alone = try attendance(
                    [evenings[0]],
                    "--session",
                    "evening",
                    "--by",
                    row.rawValue,
                    "--format",
                    "json"
                )
                #expect(said.code == .success && said.lines == alone.lines)
                #expect(!said.lines.joined().contains("rehearsal"))
            }
            for form in ["text", "json"] {
                let asked = ["attendance", "--data", folder, "--session", "practice", "--by", "person"]
                let said = Answer(asked + ["--format", form])
                #expect(said.code == .success)
                let sentence =
                    form == "json"
                    ? #""rehearsal":true"#
                    : "Session practice is a rehearsal: it counts in no other report, and is erased at its end."
                #expect(said.lines.joined(separator: "\n").contains(sentence))
                #expect(said.lines.joined().contains("deputy"))
            }
        }
        try Telling.withFolder([evening(isRehearsal: true)]) { folder in
            let said = Answer(
                ["attendance", "--data", folder, "--community", "Teachers", "--by", "person"] + days
            )
            #expect(said.code == .failure && said.complaints == ["There is no community Teachers."])
        }
    }

    @Test func `sessions of a community are those that began on the days, as the zone has them`() throws {
        let sessions = try [evening("one"), evening("two", number: 2)]
        func ids(_ zone: String, _ from: String, _ to: String) throws -> [String] {
            var said: Answer?
            try Telling.withFolder(sessions) { folder in
                said = Answer([
                    "attendance", "--data", folder, "--community", "Teachers", "--from", from, "--to", to,
                    "--tz", zone,
                    "--by", "session", "--format", "csv",
                ])
            }
            return try rows(try #require(said)).dropFirst().map { $0[0] }
        }
        #expect(try ids("UTC", "2026-11-28", "2026-11-28") == ["one", "two"])
        #expect(try ids("UTC", "2026-11-29", "2026-12-31") == [])
        #expect(try ids("Asia/Tokyo", "2026-11-29", "2026-11-29") == ["one", "two"])
    }

    @Test func `who is asked for and not there is named, with what is like it`() throws {
        let unknown = try attendance([evening()], "--session", "evenin", "--by", "person")
        #expect(unknown.code == .failure)
        #expect(unknown.complaints == ["There is no session evenin. Did you mean evening?"])
        let days = ["--from", "2026-01-01", "--to", "2026-01-31", "--by", "person"]
        var answers: [Answer] = []
        try Telling.withFolder([evening()]) { folder in
            for name in ["Teacher", "Teachers"] {
                answers.append(Answer(["attendance", "--data", folder, "--community", name] + days))
            }
        }
        #expect(answers.map(\.code) == [.failure, .failure])
        #expect(answers[0].complaints == ["There is no community Teacher. Did you mean Teachers?"])
        #expect(
            answers[1].complaints
                == ["Community Teachers has no session from 2026-01-01 to 2026-01-31 (UTC)."]
        )
    }

    @Test(arguments: [
        ["--session", "a"], ["--by", "person"], ["--session", "a*", "--by", "person"],
        ["--session", "a", "--community", "b", "--by", "person"],
        ["--session", "a", "--from", "2026-01-01", "--by", "person"],
        ["--community", "b", "--by", "person"],
        ["--community", "b", "--from", "2026-01-01", "--by", "person"],
        ["--community", "b", "--from", "2026-01-02", "--to", "2026-01-01", "--by", "person"],
        ["--community", "b", "--from", "16:00", "--to", "2026-01-01", "--by", "person"],
        ["--session", "a", "--by", "room"], ["--session", "a", "--by", "person", "--format", "xml"],
        ["--session", "a", "--by", "person", "--at", "16:00"],
    ])
    func `wrong arguments are answered with sentences`(arguments: [String]) {
        let said = Answer(["attendance", "--data", "/tmp"] + arguments)
        #expect(said.code == .usage)
        #expect(!said.complaints.isEmpty && said.complaints.allSatisfy { $0.hasSuffix(".") })
        #expect(said.lines.isEmpty)
    }
}

@Suite struct LookAlikesTests {
    @Test(arguments: [
        ["École Élémentaire", "Ecole Elementaire"], ["St. Mary's", "St Marys"],
        ["Nord-Schule", "Schule Nord"],
        ["Gymnasium am Park", "Gymnasum am Park"], ["Straße", "Strasse"],
        ["Lincoln Middle School", "Lincon Midle School"],
    ])
    func `accents, punctuation, the order of words and a slip of the pen look alike`(names: [String]) {
        #expect(LookAlikes.groups(of: names + ["Quite another"]) == [names])
    }

    @Test(arguments: [
        ["School 1", "School 2"], ["School A", "School B"], ["North", "South"], ["PS 118", "PS 119"],
        ["Oak", "Ash"],
        ["", "!!"],
    ])
    func `numbers, letters and short names are meant as they stand`(names: [String]) {
        #expect(LookAlikes.groups(of: names) == [])
    }

    @Test func `what looks alike over a third one is one group`() {
        let names = ["Riverside School", "Riversde School", "Riversde Schol", "Elsewhere"]
        #expect(LookAlikes.groups(of: names) == [Array(names.prefix(3))])
    }
}
