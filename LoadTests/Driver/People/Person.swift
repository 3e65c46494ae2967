import Sessions

/// One pretend person in one session, with one or two devices.
final class Person {
    let role: Cast.Role
    let gathering: Gathering
    /// Among all people of the run.
    let number: Int
    /// In the session's ledger.
    let ledgerNumber: Int
    let ticket: [UInt8]
    private(set) var lines: [Line] = []
    var talkDraws: Draws
    var dropDraws: Draws
    var networkDraws: Draws
    var reactionDraws: Draws
    /// Own messages by their count that no reply has answered, in their order.
    private(set) var unanswered: [Message] = []
    private(set) var written = 0
    /// Up to this message, what is said is late because the person was away.
    private var catchesUpThrough = 0
    /// The moment until which the person is away on purpose; then nothing that is due is the server's fault.
    var awayUntil: Int64?
    /// The link is dead or the phone asleep until then.
    var pausedUntil: Int64?
    /// Rises with each pause.
    var pauses = 0
    /// When the person was connected, by the server's clock.
    var stays = Stays()
    /// Where the pushes have put them.
    var room = RoomID.main

    /// A message of one's own.
    struct Message {
        var count: Int
        var due: Int64
        var text: [UInt8]
        var target: ChatTarget
        /// The device and its life that it was last sent on.
        var sentOn: (line: Int, life: Int)?
        var tries = 0
    }

    init(_ role: Cast.Role, in gathering: Gathering, number: Int, ticket: [UInt8], seed: UInt64) {
        self.role = role
        self.gathering = gathering
        self.number = number
        self.ticket = ticket
        ledgerNumber = gathering.ledger.number(role.person)
        talkDraws = Draws(seed, .talk, number)
        dropDraws = Draws(seed, .drops, number)
        networkDraws = Draws(seed, .network, number)
        reactionDraws = Draws(seed, .reactions, number)
        lines = (0..<role.devices).map { Line(of: self, device: $0, seed: seed) }
    }

    /// The device that the person writes on: the first that is in the session.
    var writingLine: Line? { lines.first { $0.stage == .here && !isPaused } }

    var isPaused: Bool { pausedUntil != nil }

    var isHere: Bool { lines.contains { $0.stage == .here } }

    /// Notes a message that is due now, and answers it.
    @discardableResult
    func write(_ text: [UInt8], to target: ChatTarget, due: Int64) -> Message {
        let message = Message(count: written, due: due, text: text, target: target)
        unanswered.append(message)
        return message
    }

    /// The count of the next message, from 1.
    func nextCount() -> Int {
        written += 1
        return written
    }

    func isSent(_ count: Int, on line: Line) {
        guard let index = unanswered.firstIndex(where: { $0.count == count }) else { return }
        unanswered[index].sentOn = (line.device, line.life)
        unanswered[index].tries += 1
    }

    /// Back from an absence of one's own doing: all that was due meanwhile is said at once.
    func isBack() {
        guard let awayUntil, unanswered.contains(where: { $0.due < awayUntil }) else { return }
        catchesUpThrough = written
    }

    /// The server wants it later.
    ///
    /// For those who say much at once because they were away, that is their own doing: it is waited for from `moment` on.
    func isPutOff(_ count: Int, until moment: Int64) {
        guard let index = unanswered.firstIndex(where: { $0.count == count }) else { return }
        unanswered[index].sentOn = nil
        guard unanswered.contains(where: { $0.count <= catchesUpThrough }) else { return }
        catchesUpThrough = max(catchesUpThrough, count)
        unanswered[index].due = max(unanswered[index].due, moment)
    }

    /// The server has answered this message.
    func isAnswered(_ count: Int) {
        guard let index = unanswered.firstIndex(where: { $0.count == count }) else { return }
        unanswered.remove(at: index)
    }
}

/// One session of the run: its people, and what the judges know of it.
final class Gathering {
    let session: String
    let community: String
    let ledger: Ledger
    var people: [Person] = []
    /// Since when nobody leads though somebody could; microseconds since the run began.
    var hostGoneAt: Int64?
    /// The longest such time.
    var hostless: Int64 = 0
    var phase = Phase.lobby
    /// Its attendance is still to be reported.
    var owesReport = false
    /// By which device the end, or the report behind it, was asked for.
    var asked: Asked?
    /// Own messages that the server has said yes to.
    var acknowledged: [Ledger.OwnKey] = []

    init(_ troupe: Cast.Troupe) {
        session = troupe.session
        community = troupe.community
        ledger = Ledger(session: troupe.session)
    }

    /// Who leads, of ours, and is connected.
    var leader: Person? {
        guard let host = hostNumber, host < people.count else { return nil }
        return people[host].writingLine == nil ? nil : people[host]
    }

    /// What was asked at the end, on one life of a device.
    struct Asked {
        /// The report of a session that has ended; else its end.
        var ofEnded: Bool
        var line: Line
        var life: Int

        /// An answer may still come.
        var isOpen: Bool { line.life == life && line.stage == .here }
    }

    /// The newest host that any push has told.
    var hostNumber: Int?
    /// The newest number that anybody has heard.
    var newest = 0
}
