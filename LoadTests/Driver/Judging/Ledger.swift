import SessionProtocol
import Sessions

/// What the judges know of one session: every push once, who has heard which, and what follows from them.
///
/// Theory of operation. Devices hear pushes at different moments, so a push that is new to the ledger need not be the
/// newest. All are kept until every device that is still to hear of a number has passed it; then they are *settled* in the order of
/// their numbers: the account changes, and everybody in the audience must have heard the push and nobody else.
final class Ledger {
    let session: String
    private(set) var account = Account()
    private(set) var violations: [RunResult.Violation] = []
    private(set) var violationCount = 0
    /// The pushes that are not settled yet, by number.
    private(set) var told: [Int: Told] = [:]
    private var numbers: [String: Int] = [:]
    private(set) var ids: [String] = []
    private var hearings: [Hearing] = []
    /// What people were told of themselves, to be compared when the account is that far.
    private var claims: [(seq: Int, claim: Claim)] = []
    private var reading = PushReading()
    private(set) var settledThrough: Int?
    /// When messages of ours were due, by writer and count; microseconds since the run began.
    private var due: [OwnKey: Int64] = [:]
    /// Under which number each was heard.
    private(set) var heardAs: [OwnKey: Int] = [:]
    /// The event of a message's sending, for those who change it.
    private var chats: [Int: Told.Chat] = [:]
    /// The time of the last `session.started` and `session.ended`.
    private(set) var startedAt: Int64?
    private(set) var endedAt: Int64?
    /// Seconds since the run began, for the lists.
    var now = 0.0
    /// The server was down then, by its own clock; closing times within are excused.
    var outages: [ClosedRange<Int64>] = []
    /// Rounds that closed before their time: right only if the session ended with them.
    private var early: [(told: Told, late: Int64)] = []
    /// The latest closing of a round, in milliseconds after its time.
    private(set) var roomsLate: Int64?

    struct OwnKey: Hashable {
        var person: Int
        var count: Int
    }

    /// What somebody was told of themselves.
    struct Claim {
        var person: Int
        var room: RoomID
        var role: String
        var host: Int??
    }

    init(session: String) {
        self.session = session
    }

    /// The number of a person of this session.
    func number(_ person: String) -> Int {
        if let known = numbers[person] { return known }
        numbers[person] = ids.count
        ids.append(person)
        return ids.count - 1
    }

    func fail(_ rule: String, person: Int? = nil, _ sentence: String, evidence: [String] = []) {
        violationCount += 1
        guard violations.count < 100 else { return }
        violations.append(
            RunResult.Violation(
                rule: rule,
                atSeconds: now,
                session: session,
                person: person.map { ids[$0] },
                sentence: sentence,
                evidence: evidence
            )
        )
    }
}

// MARK: - What is heard

extension Ledger {
    /// A device has taken a whole state as of `seq`.
    func begin(person: Int, from seq: Int) -> Hearing {
        let hearing = Hearing(person: person, from: seq)
        hearings.append(hearing)
        return hearing
    }

    /// One's own message is on its way.
    func expect(_ key: OwnKey, due: Int64) { self.due[key] = due }

    /// One's own message was in a whole state, so that no push need bring it.
    func isInState(_ key: OwnKey) { if heardAs[key] == nil { heardAs[key] = 0 } }

    func claim(_ claim: Claim, at seq: Int) {
        if let settledThrough, seq < settledThrough { return }
        claims.append((seq, claim))
    }

    /// The push in these bytes, which a device has just heard; nil when it is not understood.
    func hear(_ bytes: [UInt8], seq: Int, on hearing: Hearing) -> Told? {
        if let known = told[seq] {
            if known.bytes == bytes { return known }
            return hearVariant(bytes, of: known, by: hearing.person)
        }
        guard let new = reading.read(bytes, number: number) else {
            fail(
                "form",
                person: hearing.person,
                "a push that the protocol does not know",
                evidence: [text(bytes)]
            )
            return nil
        }
        told[seq] = new
        take(new)
        return new
    }

    /// Hosts and others are told of requests for help in different words; nothing else has two spellings.
    private func hearVariant(_ bytes: [UInt8], of known: Told, by person: Int) -> Told? {
        guard let variant = reading.read(bytes, number: number) else { return nil }
        if !known.name.hasPrefix("help.") || variant.name != known.name || variant.at != known.at {
            fail(
                "same",
                person: person,
                "told something else under number \(known.seq) than another was",
                evidence: [text(known.bytes), text(bytes)]
            )
        }
        return variant
    }

    private func take(_ new: Told) {
        switch new.change {
        case .started: startedAt = new.at
        case .ended: endedAt = new.at
        case .chat(let chat):
            chats[chat.message] = chat
            guard let count = chat.count else { return }
            let key = OwnKey(person: chat.from, count: count)
            new.due = due[key]
            if new.due == nil {
                fail("own", person: chat.from, "a message that nobody wrote", evidence: [text(new.bytes)])
            }
            if let first = heardAs[key], first != 0, first != new.seq {
                fail(
                    "own",
                    person: chat.from,
                    "the same message twice, as \(first) and as \(new.seq)",
                    evidence: [text(new.bytes)]
                )
            }
            heardAs[key] = new.seq
        default: break
        }
    }

    func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(400), as: UTF8.self)
    }
}

// MARK: - Settling

extension Ledger {
    /// Takes over the first whole state, from which the account goes on.
    func open(_ account: Account, at seq: Int) {
        guard settledThrough == nil else { return }
        self.account = account
        settledThrough = seq
    }

    /// Judges all numbers that nobody is still to hear of; at the end all that were heard.
    func settle(isLast: Bool = false) {
        defer { if isLast { judgeEarlyClosings() } }
        guard let settled = settledThrough else { return }
        let open = hearings.filter { !$0.isOver }
        let reached = isLast ? told.keys.max() : open.map(\.high).min()
        guard let reached, reached > settled else { return }
        claims.sort { $0.seq < $1.seq }
        var nextClaim = 0
        for seq in settled...reached {
            if seq > settled, let told = told[seq] { judge(told) }
            while nextClaim < claims.count, claims[nextClaim].seq <= seq {
                judge(claims[nextClaim].claim, at: claims[nextClaim].seq)
                nextClaim += 1
            }
        }
        claims.removeFirst(nextClaim)
        settledThrough = reached
        told = told.filter { $0.key > reached }
        hearings.removeAll { $0.isOver && $0.high <= reached }
    }

    private func judgeEarlyClosings() {
        for (told, late) in early where told.at != endedAt { judge(told, late: late) }
        early = []
    }

    private func judge(_ told: Told) {
        if let closesAt = account.closesAt, let overdue = account.overdue(at: told), !isExcused(closesAt),
            !isExcused(told.at)
        {
            roomsLate = max(roomsLate ?? 0, overdue)
            fail(
                "rooms",
                "rooms are open \(overdue) ms after their time, and nobody heard that they closed",
                evidence: [text(told.bytes)]
            )
        }
        if let late = account.lateness(of: told), !isExcused(told.at) {
            if late < 0 { early.append((told, late)) } else { judge(told, late: late) }
        }
        if let problem = account.take(told) { fail("host", problem, evidence: [text(told.bytes)]) }
        let audience = account.audience(of: told, chats)
        for hearing in hearings where hearing.from < told.seq && told.seq <= hearing.high {
            guard let isMeant = audience.contains(hearing.person, account),
                hearing.hasHeard(told.seq) != isMeant
            else { continue }
            fail(
                isMeant ? "missed" : "audience",
                person: hearing.person,
                isMeant ? "did not hear number \(told.seq)" : "heard number \(told.seq), which is for others",
                evidence: [
                    text(told.bytes), "in room \(account.rooms[hearing.person].map(Account.name) ?? "none")",
                ]
            )
        }
    }

    private func judge(_ told: Told, late: Int64) {
        roomsLate = max(roomsLate ?? 0, abs(late))
        guard abs(late) > Account.closingAllowed else { return }
        fail("rooms", "rooms closed \(late) ms after their time", evidence: [text(told.bytes)])
    }

    /// A closing time within an outage, or right behind it.
    private func isExcused(_ at: Int64) -> Bool {
        outages.contains { $0.lowerBound - 1_000 <= at && at <= $0.upperBound + 10_000 }
    }

    private func judge(_ claim: Claim, at seq: Int) {
        if let room = account.rooms[claim.person], room != claim.room {
            fail(
                "room",
                person: claim.person,
                "told to be in \(Account.name(claim.room)) at number \(seq), by the pushes it is \(Account.name(room))"
            )
        }
        if let role = account.roles[claim.person], role != claim.role {
            fail(
                "role",
                person: claim.person,
                "told to be \(claim.role) at number \(seq), by the pushes it is \(role)"
            )
        }
        if case .some(let host) = claim.host, host != account.host {
            fail("host", person: claim.person, "told another host at number \(seq) than the pushes give")
        }
    }
}
