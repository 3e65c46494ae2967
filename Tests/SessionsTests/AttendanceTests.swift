import Foundation
import Sessions
import Testing

/// What the server says of an evening, against a count of each second.
///
/// `SEEDS=5000 swift test --filter AttendanceTests` plays so many evenings; `SEED=n` begins with that seed.
@Suite struct AttendanceTests {
    private let environment = ProcessInfo.processInfo.environment

    @Test func `any pattern of devices, drops, outages, claims and marks is counted second by second`() throws
    {
        let first = try #require(UInt64(environment["SEED"] ?? "1"), "SEED is a number")
        let seeds = try #require(UInt64(environment["SEEDS"] ?? "30"), "SEEDS is a number")
        var seen: Set<String> = []
        for seed in first..<first + seeds {
            let evening = try RandomEvening(seed: seed)
            seen.formUnion(evening.seen)
            guard isCounted(evening, "SEED=\(seed)") else { return }
        }
        guard seeds >= 30 else { return }
        let wanted = [
            "2 devices", "left", "outage", "sent away", "live 0", "ended 1", "ended 2", "ended 3", "ended 4",
            "claimAttendance", "acceptAttendance", "markAttendance", "openBreakouts", "closeBreakouts",
            "undoBreakouts", "removeRoom", "move", "enterRoom", "addRoom",
        ]
        for what in wanted { #expect(seen.contains(what), "no evening had \(what)") }
    }

    /// Compares everybody's figures and rooms; the first difference is told.
    private func isCounted(_ evening: RandomEvening, _ seed: String) -> Bool {
        let gathering = evening.gathering
        let state = gathering.state
        let count = SecondBySecond(evening)
        let report = state.attendance(at: gathering.now)
        let observers = Set(state.seats.indices.filter { state.seats[$0].role == .observer })
        let people = state.seats.indices.filter { !observers.contains($0) }
        #expect(report.people.map(\.seat.index) == people, "\(seed)")
        #expect(gathering.replayed() == state, "\(seed)")
        for attendance in report.people {
            let name = state[attendance.seat].person.text
            let expected = count.figures(of: attendance.seat.index)
            let found = SecondBySecond.Figures(attendance, since: report.live?.from ?? 0)
            #expect(found == expected, "\(seed) \(name)")
            let rooms = state.roomTimes(of: attendance.seat, at: gathering.now).map {
                SecondBySecond.RoomFigures($0)
            }
            let expectedRooms = count.rooms(of: attendance.seat.index, besides: observers)
            #expect(rooms == expectedRooms, "\(seed) \(name)")
            guard found == expected, rooms == expectedRooms else { return false }
        }
        return true
    }

    @Test func `the rule holds at exactly half of the live time, and not below, nor without a start`() {
        let rule = AttendanceRule.current
        #expect((rule.version, rule.percent) == (1, 50))
        #expect(rule.isMet(by: 30, of: 60))
        #expect(!rule.isMet(by: 29, of: 60))
        #expect(rule.isMet(by: 31, of: 61))
        #expect(!rule.isMet(by: 30, of: 61))
        #expect(!rule.isMet(by: 0, of: 0))
    }

    @Test func `before the start there is nothing to count, and everybody is in the report`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("eye", .observer)
        gathering.wait(seconds: 600)
        let report = gathering.state.attendance(at: gathering.now)
        #expect(report.live == nil)
        #expect(report.people.map(\.credited) == [0])
        #expect(report.attended == 0)
        #expect(gathering.state.roomTimes(of: SeatID(0), at: gathering.now) == [])
    }

    @Test func `who only watches has no row, and an answer without one`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("eye", .observer)
        try gathering.ask("host", .start)
        #expect(gathering.state.attendance(of: SeatID(1), at: gathering.now).people == [])
        #expect(gathering.state.attendance(at: gathering.now).people.map(\.seat) == [SeatID(0)])
    }

    @Test func `figures of a running session grow with the time, and stand when it is over`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("guest")
        try gathering.ask("host", .start)
        gathering.wait(seconds: 60)
        #expect(gathering.state.attendance(at: gathering.now).people.map(\.credited) == [60_000, 60_000])
        gathering.wait(seconds: 60)
        #expect(gathering.state.attendance(at: gathering.now).people.map(\.credited) == [120_000, 120_000])
        try gathering.ask("host", .end(seconds: 0))
        let over = gathering.state.attendance(at: gathering.now)
        gathering.wait(seconds: 600)
        #expect(gathering.state.attendance(at: gathering.now) == over)
    }

    @Test func `nobody's figures change when a person is forgotten`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("guest")
        try gathering.ask("host", .start)
        gathering.wait(seconds: 600)
        let time = Interval(from: gathering.now - 60_000, to: gathering.now)
        try gathering.ask("guest", .claimAttendance(time))
        try gathering.ask("host", .acceptAttendance(Gathering.person("guest")))
        try gathering.ask("host", .end(seconds: 0))
        let before = gathering.state.attendance(at: gathering.now)
        let pseudonym = Gathering.person("erased-0123456789ab")
        gathering.take(
            gathering.session.erase(Gathering.person("guest"), as: pseudonym, newEpoch: Epoch(bits: 9))
        )
        #expect(gathering.state.attendance(at: gathering.now) == before)
        #expect(gathering.state[SeatID(1)].person == pseudonym)
    }
}

extension SecondBySecond.Figures {
    fileprivate init(_ attendance: Attendance, since start: Milliseconds) {
        present = Int(attendance.present / 1_000)
        counted = Int(attendance.counted / 1_000)
        filled = attendance.filled.flatMap {
            Int(($0.from - start) / 1_000)..<Int(($0.to - start) / 1_000)
        }
        claimed = Int(attendance.claimed / 1_000)
        accepted = Int(attendance.accepted / 1_000)
        marked = Int(attendance.marked / 1_000)
        credited = Int(attendance.credited / 1_000)
        isAttended = attendance.isAttended
    }
}

extension SecondBySecond.RoomFigures {
    fileprivate init(_ time: RoomTime) {
        room = time.room
        seconds = Int(time.time / 1_000)
        with = time.with.map { [$0.seat.index, Int($0.time / 1_000)] }
    }
}
