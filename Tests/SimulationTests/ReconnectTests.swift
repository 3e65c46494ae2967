import Sessions
import Testing

/// A reconnect lands where one was: each client of a scripted session is cut at every event and comes back, and shows
/// at the end what it would have shown.
@Suite struct ReconnectTests {
    private static let script = Script()
    /// Those who are there to the end.
    private static let watched = ["h", "k", "o", "p1", "p2", "p3", "p4", "p5", "p6"]

    /// What they show at the end when nobody is cut.
    private static let uncut = Result {
        let stage = try Stage()
        try play(on: stage)
        return try hashes(on: stage)
    }

    /// Plays the script; `before` is called before each act.
    private static func play(
        on stage: Stage,
        before: (Int, Act, Stage) throws -> Void = { _, _, _ in }
    ) throws {
        for (number, act) in script.acts.enumerated() {
            try before(number, act, stage)
            switch act {
            case .join(let person, let role): try stage.join(person, role)
            case .ask(let person, _, let name, let command):
                try stage.ask(person, command(stage), name: name)
            case .wait(let milliseconds): try stage.wait(milliseconds)
            }
            try stage.wait(10)
        }
    }

    /// What each of them shows at the end, as hashes.
    private static func hashes(on stage: Stage) throws -> [UInt64] {
        try watched.map { person in
            let index = try #require(stage.client(of: person))
            return try #require(stage.clients[index].picture).hash
        }
    }

    /// Everybody shows what the server would send afresh.
    private func expectFresh(_ stage: Stage) throws {
        let indices = try Self.watched.map { try #require(stage.client(of: $0)) }
        let fresh = try stage.resumed(indices.map { Stage.Client(person: stage.clients[$0].person) })
        for (index, new) in zip(indices, fresh) {
            let (mine, theirs) = (try #require(stage.clients[index].picture), try #require(new.picture))
            #expect(mine.difference(from: theirs) == nil)
            #expect(mine.hash == theirs.hash)
        }
    }

    @Test func `the script has more than two hundred events, and nothing in it is refused`() throws {
        let stage = try Stage()
        try Self.play(on: stage)
        #expect(stage.seq >= 200)
        #expect(stage.refusals == [])
        #expect(try Set(Self.hashes(on: stage)).count == Self.watched.count)
        try expectFresh(stage)
    }

    @Test
    func `each client, cut behind every event that it hears, shows the same when it resumes at the end`()
        throws
    {
        let stage = try Stage()
        stage.recordsMoments = true
        try Self.play(on: stage)
        stage.recordsMoments = false
        let expected = try Self.hashes(on: stage)
        let cuts = stage.moments.filter { Self.watched.contains($0.person) }
        #expect(cuts.count > 1_200)
        for cut in try stage.resumed(cuts) {
            let person = try #require(Self.watched.firstIndex(of: cut.person))
            #expect(cut.wasResumed)
            #expect(try #require(cut.picture).hash == expected[person], "\(cut.person)")
        }
    }

    @Test func `each client, cut before every act, shows the same when it resumes some acts later`() throws {
        let later = 7
        let stage = try Stage()
        var cuts: [[Stage.Client]] = []
        var compared = 0
        try Self.play(on: stage) { number, _, stage in
            cuts.append(stage.clients.filter { $0.connection != nil })
            guard number >= later else { return }
            for back in try stage.resumed(cuts[number - later]) {
                let index = try #require(stage.client(of: back.person))
                guard stage.clients[index].connection != nil else { continue }
                compared += 1
                #expect(back.picture?.hash == stage.clients[index].picture?.hash, "act \(number)")
            }
        }
        #expect(compared > 1_200)
    }

    /// Here a person has but one client: the seat is left by its last connection, and taken again.
    @Test(arguments: 0..<12)
    func `whoever goes and comes back, again and again, shows the same at the end`(_ run: Int) throws {
        let stage = try Stage()
        var goneSince: [Int: Int] = [:]
        var cuts = 0
        try Self.play(on: stage) { number, act, stage in
            for (index, since) in goneSince
            where number - since >= 6 || act.people.contains(stage.clients[index].person) {
                try stage.resume(index)
                goneSince[index] = nil
            }
            for (index, client) in stage.clients.enumerated()
            where client.connection != nil && (number + 5 * index) % 12 == run
                && Self.watched.contains(client.person) && !act.people.contains(client.person)
            {
                try stage.drop(index)
                goneSince[index] = number
                cuts += 1
            }
        }
        for index in goneSince.keys.sorted() { try stage.resume(index) }
        #expect(cuts > 80)
        #expect(stage.refusals == [])
        #expect(try Self.hashes(on: stage) == Self.uncut.get())
        try expectFresh(stage)
    }

    @Test func `when too much has happened since, a whole state comes to the same`() throws {
        let stage = try Stage()
        stage.recordsMoments = true
        try Self.play(on: stage)
        stage.recordsMoments = false
        let cuts = stage.moments.filter { Self.watched.contains($0.person) }
        // More than the backlog holds, and taken back again, so that a state holds it all.
        let long = String(repeating: "word ", count: 780)
        try stage.wait(2_500)
        for person in ["p1", "p2", "p3", "p4", "p5"] {
            for number in 0..<9 {
                let text = Text("\(number)\(long)")
                let room = try stage.room(of: person)
                try stage.ask(
                    person,
                    .sendChat(SendChat(to: .room(room), text: text)),
                    name: "long \(person) \(number)"
                )
            }
            for number in 0..<9 {
                try stage.ask(person, .deleteChat(try stage.number("long \(person) \(number)")), name: nil)
            }
        }
        #expect(stage.refusals == [])
        let expected = try Self.hashes(on: stage)
        for cut in try stage.resumed(cuts) {
            let person = try #require(Self.watched.firstIndex(of: cut.person))
            #expect(!cut.wasResumed)
            #expect(try #require(cut.picture).hash == expected[person], "\(cut.person)")
        }
    }
}
