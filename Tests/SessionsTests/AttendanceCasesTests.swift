import Sessions
import Testing

/// Evenings that people ask about: what is expected of one person's figures, and what is found.
///
/// `swift test --filter AttendanceCases` prints them as a table.
@Suite struct AttendanceCasesTests {
    /// Times in seconds.
    private struct Figures: Equatable {
        var live = 3_600
        var present: Int
        var counted: Int
        var accepted = 0
        var marked = 0
        var credited: Int
        var isAttended: Bool

        init(live: Int = 3_600, present: Int, counted: Int? = nil, accepted: Int = 0, marked: Int = 0) {
            self.live = live
            self.present = present
            self.counted = counted ?? present
            self.accepted = accepted
            self.marked = marked
            credited = self.counted + accepted + marked
            isAttended = live > 0 && credited * 2 >= live
        }

        init(_ found: Attendance, live: Interval?) {
            self.live = Int((live?.length ?? 0) / 1_000)
            present = Int(found.present / 1_000)
            counted = Int(found.counted / 1_000)
            accepted = Int(found.accepted / 1_000)
            marked = Int(found.marked / 1_000)
            credited = Int(found.credited / 1_000)
            isAttended = found.isAttended
        }

        var cells: [String] {
            [live, present, counted, accepted, marked, credited].map(Self.minutes) + [
                isAttended ? "yes" : "no"
            ]
        }

        private static func minutes(_ seconds: Int) -> String {
            let rest = abs(seconds) % 60
            return (seconds < 0 ? "-" : "") + "\(abs(seconds) / 60):" + (rest < 10 ? "0\(rest)" : "\(rest)")
        }
    }

    private struct Case {
        var name: String
        var expected: Figures
        /// What happens from the start on; host, mate and p are here.
        var happens: (Gathering) throws -> Void

        init(_ name: String, _ expected: Figures, _ happens: @escaping (Gathering) throws -> Void) {
            self.name = name
            self.expected = expected
            self.happens = happens
        }
    }

    @Test func `attendance cases: expected and found`() throws {
        let heads = ["live", "present", "counted", "accepted", "marked", "credited", "attended"]
        var rows = [["case", ""] + heads]
        for this in looks + outages + nobodyEnds + judged {
            let gathering = Gathering()
            gathering.limits.readingMilliseconds = 48 * 3_600_000
            for (name, role) in [("host", Role.host), ("mate", .participant), ("p", .participant)] {
                try gathering.join(name, role)
            }
            gathering.wait(seconds: 300)
            try gathering.ask("host", .start)
            try this.happens(gathering)
            if gathering.state.phase == .live { try gathering.ask("host", .end(seconds: 0)) }
            let report = gathering.state.attendance(of: try gathering.seat("p"), at: gathering.now)
            let found = Figures(try #require(report.people.first), live: report.live)
            #expect(found == this.expected, "\(this.name)")
            rows.append([this.name, "expected"] + this.expected.cells)
            rows.append(["", "found"] + found.cells)
        }
        print(Self.table(rows))
    }

    private static func table(_ rows: [[String]]) -> String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            "| "
                + row.enumerated().map { index, cell in
                    let blanks = String(repeating: " ", count: widths[index] - cell.count)
                    return index < 2 ? cell + blanks : blanks + cell
                }.joined(separator: " | ") + " |"
        }.joined(separator: "\n")
    }

    // MARK: - Looking in

    private var looks: [Case] {
        [
            Case("a phone that looks in for 4 + 2 of 60 minutes, no claim", Figures(present: 360)) {
                try self.lookIn($0)
            },
            Case(
                "the same, 60 minutes claimed and accepted",
                Figures(present: 360, accepted: 3_240)
            ) {
                try self.lookIn($0)
                try self.claimAll($0)
                try $0.ask("host", .acceptAttendance(Gathering.person("p")))
            },
            Case("the same, claimed and not accepted", Figures(present: 360)) {
                try self.lookIn($0)
                try self.claimAll($0)
            },
            Case("one person on three devices, one of which stays", Figures(present: 3_600)) { gathering in
                try gathering.join("p")
                try gathering.join("p")
                gathering.wait(seconds: 3_600)
            },
            Case("a gap of 2:00", Figures(present: 3_480, counted: 3_600)) {
                try self.absence($0, seconds: 120)
            },
            Case("a gap of 2:01", Figures(present: 3_479)) { try self.absence($0, seconds: 121) },
            Case("here for exactly half of it", Figures(present: 1_800)) { try self.goAt($0, 1_800) },
            Case("here for a second less", Figures(present: 1_799)) { try self.goAt($0, 1_799) },
        ]
    }

    /// Here for 4 minutes, and for 2 in the middle.
    private func lookIn(_ gathering: Gathering) throws {
        gathering.wait(seconds: 240)
        try gathering.drop("p", .silent)
        gathering.wait(seconds: 1_560)
        try gathering.join("p")
        gathering.wait(seconds: 120)
        try gathering.drop("p", .silent)
        gathering.wait(seconds: 1_680)
    }

    private func claimAll(_ gathering: Gathering) throws {
        let from = try #require(gathering.state.startedAt)
        try gathering.join("p")
        try gathering.ask("p", .claimAttendance(Interval(from: from, to: gathering.now)))
    }

    private func absence(_ gathering: Gathering, seconds: Int) throws {
        gathering.wait(seconds: 1_000)
        try gathering.drop("p")
        gathering.wait(seconds: seconds)
        try gathering.join("p")
        gathering.wait(seconds: 2_600 - seconds)
    }

    private func goAt(_ gathering: Gathering, _ seconds: Int) throws {
        gathering.wait(seconds: seconds)
        try gathering.ask("p", .leave)
        gathering.wait(seconds: 3_600 - seconds)
    }

    // MARK: - Outages

    private var outages: [Case] {
        [
            Case("5 minutes of outage, all back after 30 s", Figures(present: 3_270, counted: 3_600)) {
                try self.outage($0, backAfter: 30)
            },
            Case("the same evening without it", Figures(present: 3_600)) { $0.wait(seconds: 3_600) },
            Case("5 minutes of outage, back after 9 minutes", Figures(present: 2_760, counted: 3_060)) {
                try self.outage($0, backAfter: 540)
            },
            Case("5 minutes of outage, back after 11 minutes", Figures(present: 2_640)) {
                try self.outage($0, backAfter: 660)
            },
            Case("who had left before the outage", Figures(present: 900)) { gathering in
                gathering.wait(seconds: 900)
                try gathering.ask("p", .leave)
                gathering.wait(seconds: 300)
                gathering.crash(downFor: 300)
                for name in ["host", "mate"] { try gathering.join(name) }
                gathering.wait(seconds: 2_100)
            },
            Case("who had left, the same evening without it", Figures(present: 900)) {
                try self.goAt($0, 900)
            },
            Case("two outages, back between and after", Figures(present: 2_980, counted: 3_600)) {
                gathering in
                for _ in 0..<2 {
                    gathering.wait(seconds: 600)
                    gathering.crash(downFor: 300)
                    for name in ["host", "mate"] { try gathering.join(name) }
                    gathering.wait(seconds: 10)
                    try gathering.join("p")
                }
                gathering.wait(seconds: 1_780)
            },
            Case("two outages, away for half an hour between them", Figures(present: 900)) { gathering in
                gathering.wait(seconds: 600)
                for pause in [1_800, 300] {
                    gathering.crash(downFor: 300)
                    for name in ["host", "mate"] { try gathering.join(name) }
                    gathering.wait(seconds: pause)
                }
                try gathering.join("p")
                gathering.wait(seconds: 300)
            },
            Case("an outage at the very start", Figures(present: 3_270, counted: 3_600)) { gathering in
                gathering.crash(downFor: 300)
                gathering.wait(seconds: 30)
                for name in ["host", "mate", "p"] { try gathering.join(name) }
                gathering.wait(seconds: 3_270)
            },
        ]
    }

    private func outage(_ gathering: Gathering, backAfter seconds: Int) throws {
        gathering.wait(seconds: 1_200)
        gathering.crash(downFor: 300)
        for name in ["host", "mate"] { try gathering.join(name) }
        gathering.wait(seconds: seconds)
        try gathering.join("p")
        gathering.wait(seconds: 2_100 - seconds)
    }

    // MARK: - Nobody presses End

    private var nobodyEnds: [Case] {
        [
            Case("nobody presses End; all go at 60:00, asked next morning", Figures(present: 3_600)) {
                $0.wait(seconds: 3_600)
                for name in ["host", "mate", "p"] { try $0.drop(name) }
                $0.wait(seconds: 12 * 3_600)
            },
            Case("the same, one stays connected alone all night", Figures(present: 3_600)) {
                $0.wait(seconds: 3_600)
                for name in ["host", "mate"] { try $0.drop(name) }
                $0.wait(seconds: 12 * 3_600)
            },
            Case("the same, and the server is down for 9 hours from 65:00 on", Figures(present: 3_600)) {
                $0.wait(seconds: 3_600)
                for name in ["host", "mate"] { try $0.drop(name) }
                $0.wait(seconds: 300)
                $0.crash(downFor: 9 * 3_600)
                $0.wait(seconds: 3_600)
            },
            Case("the server goes down at 60:00 for 9 hours, all are here", Figures(present: 3_600)) {
                $0.wait(seconds: 3_600)
                $0.crash(downFor: 9 * 3_600)
                $0.wait(seconds: 3_600)
            },
        ]
    }

    // MARK: - Marks

    private var judged: [Case] {
        [
            Case(
                "absent from 20:00 on, marked present for 20 minutes",
                Figures(present: 1_200, marked: 1_200)
            ) {
                try self.goAt($0, 1_200)
                try self.mark($0, 1_800, 3_000, present: true)
            },
            Case("here all the time, marked absent for 45 minutes", Figures(present: 3_600, marked: -2_700)) {
                $0.wait(seconds: 3_600)
                try self.mark($0, 0, 2_700, present: false)
            },
            Case("marked absent, then present after all", Figures(present: 3_600)) {
                $0.wait(seconds: 3_600)
                try self.mark($0, 0, 3_600, present: false)
                try self.mark($0, 0, 3_600, present: true)
            },
            Case(
                "claim of 60 accepted, then marked absent for 30",
                Figures(present: 360, accepted: 3_240, marked: -1_800)
            ) {
                try self.lookIn($0)
                try self.claimAll($0)
                try $0.ask("host", .acceptAttendance(Gathering.person("p")))
                try self.mark($0, 300, 2_100, present: false)
            },
        ]
    }

    private func mark(_ gathering: Gathering, _ from: Int, _ to: Int, present: Bool) throws {
        let start = try #require(gathering.state.startedAt)
        let time = Interval(from: start + Milliseconds(from) * 1_000, to: start + Milliseconds(to) * 1_000)
        try gathering.ask(
            "host",
            .markAttendance(Gathering.person("p"), time, present: present, reason: Text("seen in the video"))
        )
    }
}
