import Sessions
import Testing

/// The figures in `Protocol/mix.md`, from the code that mixes.
struct DocumentsOfMixTests {
    /// People and rooms that the table is about.
    private struct Roster {
        var name: String
        /// Each person's school, from 1.
        var schools: [Int]
        var rooms: Int
    }

    /// What came of one evening.
    private struct Outcome {
        var schoolPairs: [Int] = []
        var fewest = 0
        var repeats = 0
    }

    private static let rounds = 4
    private static let evenings = 20
    private static let draws = 200

    private static let rosters = [
        Roster(name: "48 people, 20 schools", schools: (0..<48).map { $0 % 20 + 1 }, rooms: 12),
        Roster(
            name: "48 people, 24 of them from one school",
            schools: (0..<48).map { $0 < 24 ? 1 : $0 % 20 + 2 },
            rooms: 12
        ),
        Roster(name: "30 people, 6 schools", schools: (0..<30).map { $0 % 6 + 1 }, rooms: 8),
        Roster(name: "60 people, 4 schools", schools: (0..<60).map { $0 % 4 + 1 }, rooms: 10),
        Roster(name: "120 people, 30 schools", schools: (0..<120).map { $0 % 30 + 1 }, rooms: 30),
    ]

    private static func budget(_ people: Int) -> Int {
        let limits = SessionsLimits()
        return min(limits.mixEvaluations, limits.mixEvaluationsPerPair * people * people)
    }

    /// Rounds of which each knows who met in those before.
    private static func evening(
        _ roster: Roster,
        dealing: (MixTask, UInt64) -> [Int],
        seed: UInt64
    ) -> Outcome {
        let people = roster.schools.count
        var outcome = Outcome()
        var met = Meetings(people: people)
        var dice = SplitMix(seed: seed)
        for _ in 0..<rounds {
            let task = MixTask(
                rooms: roster.rooms,
                schools: roster.schools,
                fixed: Array(repeating: nil, count: people),
                met: met
            )
            let dealt = dealing(task, dice.next())
            var schoolPairs = 0
            for room in 0..<roster.rooms {
                let inside = dealt.indices.filter { dealt[$0] == room }
                for (index, one) in inside.enumerated() {
                    schoolPairs += inside[..<index].count { roster.schools[$0] == roster.schools[one] }
                    outcome.repeats += inside[..<index].count { met.have($0, one) }
                }
                met.meet(inside)
            }
            outcome.schoolPairs.append(schoolPairs)
        }
        return outcome
    }

    private static func mixed(_ task: MixTask, seed: UInt64) -> [Int] {
        Mixing.mix(task, seed: seed, budget: budget(task.schools.count)).rooms
    }

    /// As the mode `even` deals them.
    private static func drawn(_ task: MixTask, seed: UInt64) -> [Int] {
        var order = Array(task.schools.indices)
        var dice = SplitMix(seed: seed)
        dice.shuffle(&order)
        var rooms = Array(repeating: 0, count: order.count)
        for (place, person) in order.enumerated() { rooms[person] = place % task.rooms }
        return rooms
    }

    /// A quotient with one digit, rounded.
    private static func tenths(_ sum: Int, of count: Int) -> String {
        let tenths = (sum * 20 + count) / (count * 2)
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func row(_ roster: Roster) -> String {
        let mixes = (1...UInt64(evenings)).map { evening(roster, dealing: mixed, seed: $0) }
        let draws = (1...UInt64(draws)).map { evening(roster, dealing: drawn, seed: $0) }
        let task = MixTask(
            rooms: roster.rooms,
            schools: roster.schools,
            fixed: Array(repeating: nil, count: roster.schools.count),
            met: Meetings(people: roster.schools.count)
        )
        let fewest = Mixing.mix(task, seed: 1, budget: 0).fewestSchoolPairs
        let pairs = mixes.flatMap(\.schoolPairs)
        let repeats = mixes.map(\.repeats)
        let cells = [
            roster.name, "\(roster.rooms)", "\(fewest)", "\(pairs.max() ?? 0)",
            tenths(draws.flatMap(\.schoolPairs).reduce(0, +), of: draws.count * rounds),
            "\(repeats.max() ?? 0)", tenths(draws.map(\.repeats).reduce(0, +), of: draws.count),
        ]
        return "| \(cells.joined(separator: " | ")) |\n"
    }

    private static let begin = "<!-- figures -->\n"
    private static let end = "<!-- end of figures -->\n"

    @Test func `the figures of mixing are those of the code`() throws {
        var text = try ProtocolFolder.text(of: "mix.md")
        let first = try text.firstRange(of: Self.begin).found("the beginning of the figures").upperBound
        let last = try text.firstRange(of: Self.end).found("the end of the figures").lowerBound
        let written = String(text[first..<last])
        let table =
            """

            | who | rooms | same-school pairs a round: the minimum | `mix`, the worst round | random draw | \
            repeats in four rounds: `mix`, the worst evening | random draw |
            | --- | --- | --- | --- | --- | --- | --- |
            \(Self.rosters.map(Self.row).joined())

            """
        if ProtocolFolder.isToBeWritten {
            text.replaceSubrange(first..<last, with: table)
            try ProtocolFolder.write(Array(text.utf8), to: "mix.md")
        } else {
            #expect(written == table)
        }
    }

    @Test func `the limits that the page names are those of the code`() throws {
        let text = try ProtocolFolder.text(of: "mix.md")
        let limits = SessionsLimits()
        #expect(limits.mixEvaluations == 400_000 && text.contains("400,000 pair evaluations"))
        #expect(limits.mixEvaluationsPerPair == 100 && text.contains("100 times the square"))
        #expect(limits.mixPeople == 2_000 && limits.mixRooms == 200 && text.contains("2,000 people"))
    }
}
