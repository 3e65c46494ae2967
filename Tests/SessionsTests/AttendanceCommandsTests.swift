import Sessions
import Testing

@Suite struct AttendanceCommandsTests {
    private let guest = Gathering.person("guest")

    /// A host, a co-host, a guest and an observer, ten minutes after the start.
    private func evening() throws -> Gathering {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("cohost", .cohost)
        try gathering.join("guest")
        try gathering.join("eye", .observer)
        gathering.wait(seconds: 60)
        try gathering.ask("host", .start)
        gathering.wait(seconds: 600)
        return gathering
    }

    /// Seconds of the live time.
    private func time(_ gathering: Gathering, _ from: Int, _ to: Int) throws -> Interval {
        let start = try #require(gathering.state.startedAt)
        return Interval(from: start + Milliseconds(from) * 1_000, to: start + Milliseconds(to) * 1_000)
    }

    private func mark(
        _ gathering: Gathering,
        _ from: Int,
        _ to: Int,
        _ name: String = "guest"
    ) throws
        -> SessionCommand
    {
        .markAttendance(
            Gathering.person(name),
            try time(gathering, from, to),
            present: true,
            reason: Text("seen")
        )
    }

    // MARK: - Claims

    @Test
    func `a claim is an event that hosts and the person hear, and an acceptance takes all that are open`()
        throws
    {
        let gathering = try evening()
        let (early, late) = (try time(gathering, 0, 60), try time(gathering, 100, 160))
        let seat = try gathering.seat("guest")
        #expect(try gathering.ask("guest", .claimAttendance(early)) == [.attendanceClaimed(seat, early)])
        #expect(try gathering.heardLast() == ["host", "cohost", "guest"])
        try gathering.ask("guest", .claimAttendance(late))
        let by = try gathering.seat("cohost")
        #expect(try gathering.ask("cohost", .acceptAttendance(guest)) == [.attendanceAccepted(seat, by: by)])
        #expect(try gathering.heardLast() == ["host", "cohost", "guest"])
        #expect(gathering.state[seat].claims.map(\.acceptedBy) == [by, by])
        #expect(throws: Refusal(.noClaim)) { try gathering.ask("host", .acceptAttendance(guest)) }
    }

    @Test func `nothing can be claimed or marked that is not wholly in the live time so far`() throws {
        let gathering = try evening()
        let wrong: [(from: Int, to: Int, field: String)] = [
            (-1, 10, "from"), (601, 610, "from"), (0, 601, "to"), (10, 10, "to"), (20, 10, "to"),
            (-5, -1, "from"),
        ]
        for (from, to, field) in wrong {
            let interval = try time(gathering, from, to)
            #expect(throws: Refusal(.badValue, field: field), "\(from) \(to)") {
                try gathering.ask("guest", .claimAttendance(interval))
            }
            #expect(throws: Refusal(.badValue, field: field), "\(from) \(to)") {
                try gathering.ask("host", try mark(gathering, from, to))
            }
        }
        try gathering.ask("guest", .claimAttendance(try time(gathering, 0, 600)))
    }

    @Test func `before the start there is nothing to report, to claim or to mark`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        let now = Interval(from: gathering.now - 1_000, to: gathering.now)
        let commands: [SessionCommand] = [
            .reportAttendance(nil), .ownAttendance, .claimAttendance(now), .acceptAttendance(guest),
            .markAttendance(Gathering.person("host"), now, present: true, reason: .empty),
        ]
        for command in commands {
            #expect(throws: Refusal(.notLive), "\(command.kind)") { try gathering.ask("host", command) }
        }
    }

    @Test func `after the end, claims are taken as long as the session can be read, up to its end`() throws {
        let gathering = try evening()
        try gathering.ask("host", .end(seconds: 0))
        gathering.wait(seconds: 60)
        #expect(throws: Refusal(.badValue, field: "to")) {
            try gathering.ask("guest", .claimAttendance(try time(gathering, 0, 601)))
        }
        try gathering.ask("guest", .claimAttendance(try time(gathering, 0, 600)))
        try gathering.ask("host", .acceptAttendance(guest))
        try gathering.ask("host", try mark(gathering, 0, 600))
    }

    @Test func `claims and marks have a number, for each seat and for the session`() throws {
        let gathering = try evening()
        for second in 0..<10 {
            try gathering.ask("guest", .claimAttendance(try time(gathering, second, second + 1)))
        }
        #expect(throws: Refusal(.tooManyClaims)) {
            try gathering.ask("guest", .claimAttendance(try time(gathering, 50, 51)))
        }
        try gathering.ask("host", .claimAttendance(try time(gathering, 50, 51)))
        for second in 0..<20 { try gathering.ask("host", try mark(gathering, second, second + 1)) }
        #expect(throws: Refusal(.tooManyMarks)) { try gathering.ask("host", try mark(gathering, 50, 51)) }
        try gathering.ask("host", try mark(gathering, 50, 51, "cohost"))
        gathering.limits.marksPerSession = 21
        #expect(throws: Refusal(.tooManyMarks)) {
            try gathering.ask("host", try mark(gathering, 50, 51, "host"))
        }
    }

    // MARK: - Who may

    @Test func `who only watches claims nothing, is marked by nobody, and is told so in their own figures`()
        throws
    {
        let gathering = try evening()
        #expect(throws: Refusal(.observersOnlyWatch)) {
            try gathering.ask("eye", .claimAttendance(try time(gathering, 0, 60)))
        }
        #expect(throws: Refusal(.observersOnlyWatch, field: "person")) {
            try gathering.ask("host", try mark(gathering, 0, 60, "eye"))
        }
        guard case .attendanceOf(let report, rooms: []) = try gathering.answer("eye", .ownAttendance).answer
        else {
            Issue.record("another answer")
            return
        }
        #expect(report.people == [])
    }

    @Test func `a participant reads their own figures and nobody else's, and accepts and marks nothing`()
        throws
    {
        let gathering = try evening()
        let commands: [SessionCommand] = [
            .reportAttendance(nil), .reportAttendance(guest), .acceptAttendance(guest),
            try mark(gathering, 0, 60),
        ]
        for command in commands {
            #expect(throws: Refusal(.hostsOnly), "\(command.kind)") { try gathering.ask("guest", command) }
        }
        guard case .attendanceOf(let report, rooms: _) = try gathering.answer("guest", .ownAttendance).answer
        else {
            Issue.record("another answer")
            return
        }
        #expect(report.people.map(\.credited) == [600_000])
    }

    @Test func `who was sent away is still reported, and can be marked`() throws {
        let gathering = try evening()
        try gathering.ask("host", .remove("guest"))
        try gathering.ask("host", try mark(gathering, 0, 60))
        guard
            case .attendanceOf(let report, rooms: _) = try gathering.answer("host", .reportAttendance(guest))
                .answer
        else {
            Issue.record("another answer")
            return
        }
        #expect(report.people.map(\.credited) == [600_000])
    }

    @Test func `nobody reports, accepts or marks somebody who was never here`() throws {
        let gathering = try evening()
        let nobody = Gathering.person("nobody")
        let commands: [SessionCommand] = [
            .reportAttendance(nobody), .acceptAttendance(nobody), try mark(gathering, 0, 60, "nobody"),
        ]
        for command in commands {
            #expect(throws: Refusal(.noSuchPerson, field: "person"), "\(command.kind)") {
                try gathering.ask("host", command)
            }
        }
    }

    // MARK: - Marks

    @Test func `a mark is an event that hosts and the person hear, its reason beside it`() throws {
        let gathering = try evening()
        let seat = try gathering.seat("guest")
        let by = try gathering.seat("cohost")
        let interval = try time(gathering, 0, 60)
        let event = SessionEvent.attendanceMarked(seat, interval, present: true, by: by)
        #expect(try gathering.ask("cohost", try mark(gathering, 0, 60)) == [event])
        #expect(try gathering.heardLast() == ["host", "cohost", "guest"])
        #expect(
            gathering.state[seat].marks
                == [AttendanceMark(time: interval, present: true, by: by, reason: Text("seen"))]
        )
    }
}
