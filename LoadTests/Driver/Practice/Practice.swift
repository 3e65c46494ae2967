import Foundation
import SessionProtocol
import Sessions

/// What pretend people do while a host learns the rooms: they talk, ask for help, raise hands, drop out and come back.
///
/// Each has a step every now and then, drawn from their own lots; what it is depends on where they are.
struct Practice {
    /// Told as it happens, in words.
    let tell: (String) -> Void
    private(set) var asked: Set<Int> = []
    private(set) var raised: Set<Int> = []
    /// What everybody is called, by the ledger's numbers.
    fileprivate var names: [Int: String] = [:]
    /// Whether the host has been seen in the session.
    fileprivate(set) var hostHasCome = false
    /// So long after the session's start the host is cut off, in microseconds; nil: not at all.
    let drillAfter: Int64?
    /// Whether the drill waits for the host to be connected.
    fileprivate var isDrillPutOff = false
    /// Since when the host is cut off; microseconds since the run began.
    var cutAt: Int64?

    /// The person for whom the link is printed.
    static let host = "host"
    /// Longer than the lease of 30 s, so that somebody else comes to lead.
    static let cutSeconds = 45
    /// After so many seconds the drill asks again whether the host is connected.
    fileprivate static let patienceSeconds = 5

    init(drillAfter: Int64?, tell: @escaping (String) -> Void) {
        self.drillAfter = drillAfter
        self.tell = tell
    }

    /// What somebody does next.
    enum Step: Equatable {
        case say(String)
        case askHelp(String)
        case raiseHand
        case lowerHand
        case signal(RoomSignal)
        case dropOut(seconds: Int)
        case nothing
    }

    /// Draws the next step of somebody in this room.
    mutating func step(of person: Int, in room: RoomID, _ draws: inout Draws) -> Step {
        let lot = draws.share()
        let line = draws.number(below: 1_000)
        let seconds = 4 + draws.number(below: 40)
        if lot < 0.08 { return .dropOut(seconds: seconds) }
        guard case .breakout = room else {
            if lot < 0.16 {
                if raised.remove(person) != nil { return .lowerHand }
                raised.insert(person)
                return .raiseHand
            }
            return lot < 0.7 ? .say(Self.mainWords[line % Self.mainWords.count]) : .nothing
        }
        if lot < 0.2, asked.insert(person).inserted {
            return .askHelp(Self.questions[line % Self.questions.count])
        }
        if lot < 0.32 { return .signal(line % 3 == 0 ? .moreTime : .done) }
        return lot < 0.8 ? .say(Self.roomWords[line % Self.roomWords.count]) : .nothing
    }

    private static let mainWords = [
        "Good evening, everybody.", "I can hear you well.", "Could you say that once more?",
        "That is how we do it, too.",
        "My connection is a little slow today.", "Which document is that?", "Thank you, that helps.",
        "We have tried it with the younger ones.", "I have a question about the second point.", "Agreed.",
    ]
    private static let roomWords = [
        "Who would like to begin?", "I can take notes.", "We see it differently at our school.",
        "How long do we have?",
        "Let us collect three ideas.", "I have put it into the document.", "Shall we go round once?",
        "That is a good example.", "I am back, sorry.", "What do we say in the main room?",
    ]
    private static let questions = [
        "We are not sure what the task is.", "Could somebody join us for a moment?",
        "One of us cannot hear the others.",
        "We are done. What next?",
    ]
}

extension Evening {
    func planPractice() {
        for person in people {
            agenda.note(.practise(person), at: person.role.arrives + micro(5))
        }
    }

    /// One step, and the next in a while.
    func practise(_ person: Person) {
        guard !isFinishing, var practice else { return }
        var draws = person.talkDraws
        defer { person.talkDraws = draws }
        let step =
            person.gathering.phase == .live && person.writingLine != nil
            ? practice.step(of: person.number, in: person.room, &draws) : .nothing
        self.practice = practice
        agenda.note(.practise(person), at: now + 6_000_000 + Int64(draws.number(below: 34_000_000)))
        guard let line = person.writingLine else { return }
        let name = person.role.name
        let place = person.room == .main ? "" : " in \(Account.name(person.room))"
        switch step {
        case .say(let words):
            _ = person.nextCount()
            person.write(Array(words.utf8), to: .room(person.room), due: now)
            sendUnanswered(on: line)
            practice.tell("\(name)\(place): \(words)")
        case .askHelp(let words):
            order(.askHelp(Text(words), unnamed: false), "help.ask", on: line, due: now)
            practice.tell("\(name) asks for help\(place): \(words)")
        case .raiseHand:
            order(.raiseHand, "hand.raise", on: line, due: now)
            practice.tell("\(name) raises a hand")
        case .lowerHand: order(.lowerHand(nil), "hand.lower", on: line, due: now)
        case .signal(let signal): order(.signalRoom(signal), "room.signal", on: line, due: now)
        case .dropOut(let seconds):
            practice.tell("\(name) drops out\(place), and is back in \(seconds) s")
            drop(person, for: micro(seconds), then: .nothing)
        case .nothing: break
        }
    }

    /// Nobody who could lead comes before the host: the server lets the first who may lead do so, and it is the host who
    /// wants to learn it.
    func waitsForHost(_ person: Person) -> Bool { practice?.hostHasCome == false && person.role.mayLead }

    /// Who is in the session, as a state or a push tells it: what they are called, and whether the host is there.
    func practiceMeets(_ seats: [JSONObject], in gathering: Gathering) {
        guard practice != nil else { return }
        for seat in seats {
            guard let person = seat.string("person") else { continue }
            practice?.names[gathering.ledger.number(person)] = seat.string("name")
            if person == Practice.host { hostComes() }
        }
    }

    func practiceMeets(_ told: Told, in gathering: Gathering) {
        guard practice != nil, case .joined = told.change, let push = try? meters.reader.read(told.bytes)
        else { return }
        practiceMeets([push.body], in: gathering)
    }

    private func hostComes() {
        guard practice?.hostHasCome == false else { return }
        let waiting = people.filter(waitsForHost)
        practice?.hostHasCome = true
        practice?.tell("The host is there\(waiting.isEmpty ? "" : ", and a pretend co-host comes").")
        for line in waiting.flatMap(\.lines) { comeBack(line, at: now + 1_000_000) }
    }

    func practiceStarts() {
        guard practice != nil else { return }
        practice?.tell(
            "The session has begun. Open breakout rooms, move people, answer those who ask for help."
        )
        if let wait = practice?.drillAfter { agenda.note(.drill, at: now + wait) }
    }

    func practiceEnds() {
        guard practice != nil, !isFinishing else { return }
        practice?.tell("The session has ended.")
        // What is still on its way is heard, then all go.
        agenda.note(.finish, at: now + 2_000_000)
    }

    /// Cuts the host off for longer than a lease, through the operators' door: the page comes back by itself.
    ///
    /// That is the person who has the link, whoever leads at the moment.
    func drill() {
        guard !isFinishing, let gathering = gatherings.first else { return }
        let request = PlainRequest(
            method: "DELETE",
            path:
                "/v1/sessions/\(gathering.session)/connections?person=\(Practice.host)&seconds=\(Practice.cutSeconds)",
            ticket: options.adminTicket
        )
        do throws(LoadFault) {
            let answer = try request.ask(target)
            guard answer.status == 200, let cut = Cut(answer.body) else {
                practice?.tell("The host could not be cut off: \(answer.status) \(answer.text.prefix(200))")
                return
            }
            guard cut.closed > 0 else { return putOffDrill() }
            practice?.cutAt = now
            let host = gathering.ledger.number(Practice.host)
            practice?.tell(
                "Drill: the host is cut off, and comes back in \(Practice.cutSeconds) s. "
                    + (gathering.hostNumber == host
                        ? "Who leads meanwhile? After 30 s somebody else does."
                        : "Somebody else leads already.")
            )
        } catch {
            practice?.tell("The host could not be cut off: \(error.sentence)")
        }
    }

    /// Nobody can be cut off who is not connected: the drill waits.
    private func putOffDrill() {
        guard let practice else { return }
        if !practice.isDrillPutOff {
            practice.tell("The drill waits: the host is not connected at this moment.")
            self.practice?.isDrillPutOff = true
        }
        agenda.note(.drill, at: now + micro(Practice.patienceSeconds))
    }

    func practiceHears(host: Int?, in gathering: Gathering) {
        guard let practice else { return }
        let name = host.map { practice.names[$0] ?? gathering.ledger.ids[$0] }
        let after = practice.cutAt.map { ", \((now - $0) / 1_000_000) s after the host was cut off" } ?? ""
        practice.tell(name.map { "\($0) leads now\(after)." } ?? "Nobody leads now\(after).")
    }
}

/// What the server answers when somebody is to be cut off.
private struct Cut: Decodable {
    /// Connections that were there.
    var closed: Int

    init?(_ json: [UInt8]) {
        guard let cut = try? JSONDecoder().decode(Cut.self, from: Data(json)) else { return nil }
        self = cut
    }
}
