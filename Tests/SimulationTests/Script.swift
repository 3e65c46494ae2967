import Sessions

/// One thing that happens in a scripted session.
enum Act: Sendable {
    case join(String, Role)
    /// `needs` are those who must be there for it; what the answer names is kept under `name`.
    case ask(String, needs: [String] = [], name: String? = nil, @Sendable (Stage) throws -> SessionCommand)
    case wait(Milliseconds)

    /// Those whose clients must be connected.
    var people: [String] {
        switch self {
        case .join, .wait: []
        case .ask(let person, let needs, _, _): [person] + needs
        }
    }
}

/// A session of more than two hundred events: two hosts, five participants, an observer, one who comes late, one who
/// is sent away.
struct Script: Sendable {
    private(set) var acts: [Act] = []
    private let participants = ["p1", "p2", "p3", "p4", "p5"]

    init() {
        meet()
        talk()
        leadInTurn()
        splitInVain()
        for round in 2...4 { split(round) }
        tidyUp()
    }

    // MARK: - Words of the script

    private mutating func ask(
        _ person: String,
        needs: [String] = [],
        _ command: @escaping @Sendable (Stage) throws -> SessionCommand
    ) {
        acts.append(.ask(person, needs: needs, command))
    }

    private mutating func say(
        _ person: String,
        _ name: String,
        to room: RoomID? = nil,
        replyTo: String? = nil
    ) {
        acts.append(
            .ask(person, name: name) { stage in
                let target = try room ?? stage.room(of: person)
                let answered = replyTo.flatMap { stage.names[$0] }
                return .sendChat(SendChat(to: .room(target), text: Text(name), replyTo: answered))
            }
        )
    }

    private mutating func whisper(_ person: String, _ name: String, to other: String) {
        acts.append(
            .ask(person, name: name) { _ throws(Broken) in
                .sendChat(SendChat(to: .person(try id(other)), text: Text(name)))
            }
        )
    }

    // MARK: - Scenes

    private mutating func meet() {
        acts += [.join("h", .host), .join("k", .host), .join("o", .observer), .join("x", .participant)]
        acts += participants.map { .join($0, .participant) }
        ask("h") { _ in .set(title: Text("An evening"), place: nil) }
        ask("p1") { _ in .label(nil, Text("takes notes")) }
        ask("h") { _ in .label(try id("p2"), Text("new here")) }
        ask("h") { _ in .setSuccession([try id("k"), try id("p4")]) }
        ask("h") { _ in .start }
    }

    private mutating func talk() {
        for person in participants + ["h", "k"] {
            say(person, "main \(person) 1")
            say(person, "main \(person) 2", replyTo: "main p1 1")
        }
        for person in ["p1", "p2", "k"] {
            let message = "main \(person) 1"
            ask(person) { .editChat(try $0.number(message), Text("better \(person)")) }
        }
        for person in participants {
            ask(person) { .reactChat(try $0.number("main h 1"), emoji: Reaction.same, on: true) }
            ask(person) { .reactChat(try $0.number("main k 1"), emoji: Text("\u{1F44D}"), on: true) }
        }
        ask("p1") { .reactChat(try $0.number("main h 1"), emoji: Reaction.same, on: false) }
        ask("p2") { .deleteChat(try $0.number("main p2 2")) }
        ask("k") { .deleteChat(try $0.number("main p3 2")) }
        whisper("p1", "direct 1", to: "p2")
        whisper("p2", "direct 2", to: "p1")
        whisper("h", "direct 3", to: "p3")
        ask("p1") { .editChat(try $0.number("direct 1"), Text("between us")) }
        ask("p2") { .reactChat(try $0.number("direct 1"), emoji: Text("\u{1F44D}"), on: true) }
        ask("h") { .deleteChat(try $0.number("direct 3")) }
        for person in ["p3", "p1", "p5"] { ask(person) { _ in .raiseHand } }
        ask("k") { _ in .lowerHand(try id("p3")) }
        ask("p1") { _ in .lowerHand(nil) }
        say("h", "among hosts 1", to: .hosts)
        say("k", "among hosts 2", to: .hosts, replyTo: "among hosts 1")
        ask("k") { .editChat(try $0.number("among hosts 2"), Text("hosts, better")) }
        ask("h") { _ in .mute(try id("x"), true) }
    }

    private mutating func leadInTurn() {
        ask("h", needs: ["k"]) { _ in .offerHandoff(to: try id("k")) }
        ask("k") { _ in .declineHandoff }
        ask("h", needs: ["p4"]) { _ in .offerHandoff(to: try id("p4")) }
        ask("h") { _ in .withdrawHandoff }
        ask("h", needs: ["p4"]) { _ in .offerHandoff(to: try id("p4")) }
        ask("p4") { _ in .acceptHandoff }
        say("p4", "among hosts 3", to: .hosts)
        ask("h") { _ in .reclaimHost }
        ask("h") { _ in .removeCohost(try id("p4")) }
        say("h", "among hosts 4", to: .hosts)
        ask("k") { _ in .takeFloor(seconds: 600) }
        ask("k") { _ in .yieldFloor }
        ask("h", needs: ["k"]) { _ in .giveHost(to: try id("k")) }
        ask("k", needs: ["h"]) { _ in .giveHost(to: try id("h")) }
        ask("h") { _ in .addCohost(try id("p3")) }
        say("p3", "among hosts 5", to: .hosts)
        ask("h") { _ in .setSuccession([try id("p3"), try id("k")]) }
        ask("k") { _ in .takeFloor(seconds: 2) }
    }

    private mutating func splitInVain() {
        ask("h") { _ in .openBreakouts(OpenBreakouts(count: 2, seconds: 600, seed: 11)) }
        acts.append(.join("p6", .participant))
        say("p6", "in vain")
        ask("h") { _ in .undoBreakouts }
    }

    private mutating func split(_ round: Int) {
        let first = RoomID.breakout(round: round, number: 1)
        let second = RoomID.breakout(round: round, number: 2)
        ask("h") { _ in
            .openBreakouts(
                OpenBreakouts(
                    count: 2,
                    mode: .even,
                    seconds: 600,
                    closing: 2,
                    hostsRead: round == 2,
                    seed: 11
                )
            )
        }
        for person in participants where person != "p3" {
            say(person, "round \(round) \(person)")
            ask(person) { .confirmRoom(try $0.room(of: person), seen: true) }
        }
        ask("h") { _ in .enterRoom(first) }
        say("h", "round \(round) h")
        ask("k") { _ in .enterRoom(second) }
        ask("p1") { _ in .askHelp(Text("stuck"), unnamed: false) }
        acts.append(.ask("p2", name: "help \(round)") { _ in .askHelp(Text("lost"), unnamed: true) })
        ask("k") { .claimHelp(try $0.number("help \(round)")) }
        ask("h") { _ in .move(try id("p1"), to: second) }
        ask("h") { _ in .move(try id("p2"), to: first) }
        say("p1", "round \(round) p1 moved")
        ask("p2") { .editChat(try $0.number("round \(round) p2"), Text("from elsewhere \(round)")) }
        ask("k") { .enterRoom(try $0.room(of: "p4")) }
        ask("k") { .deleteChat(try $0.number("round \(round) p4")) }
        ask("h") { _ in .addRoom(RoomPlan(name: Text("One more"), task: Text("Rest"))) }
        ask("p5") { _ in .pass(true) }
        ask("h") { _ in .renameRoom(second, name: Text("Second")) }
        ask("h") { _ in .move(try id("p4"), to: .breakout(round: round, number: 3)) }
        say("p4", "round \(round) p4 alone")
        ask("h") { _ in .announce(Text("Soon")) }
        ask("p4") { _ in .signalRoom(.done) }
        ask("h") { _ in .removeRoom(.breakout(round: round, number: 3)) }
        ask("p5") { _ in .pass(false) }
        ask("h") { .resolveHelp(try $0.number("help \(round)")) }
        ask("p1") { stage in .withdrawHelp(try stage.ownHelp(of: "p1")) }
        ask("h") { _ in .extendBreakouts(seconds: -10) }
        ask("h") { _ in .closeBreakouts(seconds: round == 2 ? 1 : 0) }
        acts.append(.wait(1_100))
        say("p1", "after round \(round)", to: second)
    }

    private mutating func tidyUp() {
        ask("h") { _ in .removeCohost(try id("p3")) }
        ask("h") { _ in .remove(try id("x")) }
        ask("h") { _ in .chatSettings(locked: true, slowSeconds: nil) }
        ask("h") { _ in .chatSettings(locked: false, slowSeconds: 0) }
        ask("h") { _ in .lock(true) }
        acts.append(.ask("p2", name: "last") { _ in .askHelp(Text("one more"), unnamed: false) })
        ask("k") { .claimHelp(try $0.number("last")) }
        ask("p4") { _ in .raiseHand }
        ask("p2") { _ in .raiseHand }
        // One round is open at the end, and an offer is made.
        ask("h") { _ in .openBreakouts(OpenBreakouts(count: 2, mode: .choose, hostsRead: true)) }
        for person in participants {
            ask(person) { _ in .enterRoom(.breakout(round: 5, number: 1)) }
            say(person, "choice \(person)")
        }
        ask("k") { _ in .enterRoom(.breakout(round: 5, number: 1)) }
        ask("p1") { _ in .enterRoom(.breakout(round: 5, number: 2)) }
        ask("p1") { _ in .enterRoom(.breakout(round: 5, number: 1)) }
        ask("h") { _ in .end(seconds: 600) }
        ask("h", needs: ["k"]) { _ in .offerHandoff(to: try id("k")) }
    }
}

/// A person's id.
func id(_ person: String) throws(Broken) -> PersonID {
    guard let id = PersonID(Array(person.utf8)) else { throw Broken("no person id") }
    return id
}

extension Stage {
    func number(_ name: String) throws(Broken) -> Int {
        guard let number = names[name] else { throw Broken("\(name) was not named") }
        return number
    }

    func room(of person: String) throws(Broken) -> RoomID {
        guard let index = client(of: person), let room = clients[index].picture?.me.room,
            let id = RoomID(Array(room.utf8))
        else { throw Broken("\(person) is nowhere") }
        return id
    }

    func ownHelp(of person: String) throws(Broken) -> Int {
        guard let index = client(of: person), let help = clients[index].picture?.own.help.last?.help else {
            throw Broken("\(person) has not asked for help")
        }
        return help
    }
}
