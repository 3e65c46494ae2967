import PlenaryServer
import Sessions
import Testing

/// Times as people write them, in the zone that they name.
@Suite struct MomentTests {
    private func instant(
        _ text: String,
        in zone: String = "UTC",
        began: Milliseconds = 0,
        lastAt: Milliseconds = 0
    ) throws -> Milliseconds {
        try #require(Moment(text)).instant(in: try #require(Zone(zone)), began: began, lastAt: lastAt)
    }

    @Test func `a time with its zone is the same everywhere`() throws {
        for text in [
            "2026-11-28T16:14:09Z", "2026-11-28 16:14:09Z", "2026-11-28T17:14:09+01:00",
            "2026-11-28T12:44:09-0330",
            "2026-11-28T16:14:09.000Z",
        ] {
            #expect(try instant(text, in: "Asia/Tokyo") == 1_795_882_449_000, "\(text)")
        }
    }

    @Test func `a date and a time are read in the zone`() throws {
        #expect(try instant("2026-11-28 16:14") == 1_795_882_440_000)
        #expect(try instant("2026-11-28 16:14:09.250") == 1_795_882_449_250)
        #expect(try instant("2026-11-28T16:14", in: "Europe/Berlin") == 1_795_878_840_000)
        #expect(try instant("2026-06-28 16:14", in: "Europe/Berlin") == (try instant("2026-06-28 14:14")))
        #expect(try instant("2026-11-28 16:14", in: "+05:30") == (try instant("2026-11-28 10:44")))
        #expect(try instant("2024-02-29 00:00") == 1_709_164_800_000)
    }

    @Test(arguments: [
        "", "16", "16:1", "24:00", "16:60", "16:14:60", "16:14 ", "+16:14", "2026-02-29 16:14",
        "2026-13-01 16:14",
        "2026-11-2", "2026-11-28T", "2026-11-28T16:14+1", "2026-11-28T16:14 UTC", "1969-12-31 16:14",
        "16:14:09.5", "٤:١٤",
        "16:14Z",
    ])
    func `what is no time is none`(_ text: String) {
        #expect(Moment(text) == nil)
    }

    @Test func `a time alone is on the day on which the session began`() throws {
        let began = try instant("2026-11-28 16:05:30")
        let last = try instant("2026-11-28 18:00")
        #expect(try instant("16:14", began: began, lastAt: last) == (try instant("2026-11-28 16:14")))
        #expect(try instant("9:00", began: began, lastAt: last) == (try instant("2026-11-28 09:00")))
        // The day is the zone's.
        let tokyo = try instant("01:30", in: "Asia/Tokyo", began: began, lastAt: last)
        #expect(tokyo == (try instant("2026-11-28 16:30")))
    }

    @Test func `a session over midnight has its late times on the next day`() throws {
        let began = try instant("2026-11-28 22:00")
        let last = try instant("2026-11-29 01:00")
        #expect(try instant("23:50", began: began, lastAt: last) == (try instant("2026-11-28 23:50")))
        #expect(try instant("00:10", began: began, lastAt: last) == (try instant("2026-11-29 00:10")))
        #expect(try instant("21:50", began: began, lastAt: last) == (try instant("2026-11-28 21:50")))
    }

    @Test func `an end is the end of the second that it names`() throws {
        let moment = try #require(Moment("2026-11-28T16:14:09Z"))
        #expect(moment.end(in: .utc, began: 0, lastAt: 0) == 1_795_882_449_999)
        let exact = try #require(Moment("2026-11-28T16:14:09.250Z"))
        #expect(exact.end(in: .utc, began: 0, lastAt: 0) == 1_795_882_449_250)
    }

    @Test func `a date alone is its first moment, and as an end its last, by the zone's clocks`() throws {
        let day = try #require(Moment("2026-11-28"))
        let berlin = try #require(Zone("Europe/Berlin"))
        #expect(!day.needsDay)
        #expect(day.instant(in: .utc, began: 0, lastAt: 0) == 1_795_824_000_000)
        #expect(day.end(in: .utc, began: 0, lastAt: 0) == 1_795_824_000_000 + 86_399_999)
        #expect(day.instant(in: berlin, began: 0, lastAt: 0) == 1_795_820_400_000)
        let long = try #require(Moment("2026-10-25"))
        let length = long.end(in: berlin, began: 0, lastAt: 0) - long.instant(in: berlin, began: 0, lastAt: 0)
        #expect(length == 25 * 3_600_000 - 1)
    }

    @Test func `zones have names or differences`() {
        for name in ["UTC", "Europe/Berlin", "America/St_Johns", "+01:00", "-0330", "+1400"] {
            #expect(Zone(name)?.name == name)
        }
        for name in ["", "Nowhere/Town", "+1", "+15:00", "+01:60", "01:00", "../etc/passwd", "GMT+1 "] {
            #expect(Zone(name) == nil, "\(name)")
        }
    }

    @Test func `an hour that comes twice is the first one, and one that is left out is where it would be`()
        throws
    {
        // Berlin, 25 October 2026: 03:00 summer time becomes 02:00.
        #expect(try instant("2026-10-25 02:30", in: "Europe/Berlin") == (try instant("2026-10-25 00:30")))
        // 29 March 2026: 02:00 becomes 03:00.
        #expect(try instant("2026-03-29 02:30", in: "Europe/Berlin") == (try instant("2026-03-29 01:30")))
    }

    @Test func `clocks show the zone's day and time`() throws {
        let berlin = try #require(Zone("Europe/Berlin"))
        let evening = try instant("2026-12-31 23:30:05.900")
        #expect(Zone.utc.day(evening) == "2026-12-31" && Zone.utc.time(evening) == "23:30:05")
        #expect(berlin.day(evening) == "2027-01-01" && berlin.time(evening) == "00:30:05")
    }

    @Test func `every day of many years is shown as it was read`() throws {
        var instant = try instant("1999-12-31 12:00")
        for _ in 0..<20_000 {
            let day = Zone.utc.day(instant)
            #expect(try self.instant("\(day) 12:00") == instant)
            instant += 86_400_000
        }
    }
}
