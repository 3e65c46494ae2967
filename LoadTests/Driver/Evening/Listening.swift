import SessionProtocol
import Sessions

// What the server says: pushes, replies, notices.
extension Evening {
    /// A message that reached its device at `heard`.
    func hear(_ bytes: [UInt8], on line: Line, at heard: Int64) {
        if let seq = Self.seq(bytes) {
            push(bytes, seq: seq, on: line, at: heard)
        } else if bytes.starts(with: Self.replyBeginning) || bytes.starts(with: Self.errorBeginning) {
            reply(bytes, on: line, at: heard)
        }
        // Notices are derived and may be merged or left out: nothing is judged by them.
    }

    private static let pushBeginning = Array("{\"seq\":".utf8)
    private static let replyBeginning = Array("{\"re\":".utf8)
    private static let errorBeginning = Array("{\"error\":".utf8)

    /// A push's number, without reading the rest: most people hear what another of their room has heard already.
    private static func seq(_ bytes: [UInt8]) -> Int? {
        guard bytes.starts(with: pushBeginning) else { return nil }
        var seq = 0
        for byte in bytes[pushBeginning.count...].prefix(16) {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return seq }
            seq = seq * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return nil
    }

    // MARK: - Pushes

    private func push(_ bytes: [UInt8], seq: Int, on line: Line, at heard: Int64) {
        let person = line.person
        let ledger = person.gathering.ledger
        guard let hearing = line.hearing, line.stage == .here else {
            return ledger.fail("order", person: person.ledgerNumber, "a push before the reply to the join")
        }
        meters.second.heard += 1
        meters.counts.pushes += 1
        guard hearing.hear(seq) else {
            let (high, text) = (hearing.high, ledger.text(bytes))
            return ledger.fail(
                "order",
                person: person.ledgerNumber,
                "number \(seq) after \(high)",
                evidence: [text]
            )
        }
        ledger.now = seconds
        let isNew = seq > person.gathering.newest
        guard let told = ledger.hear(bytes, seq: seq, on: hearing) else { return }
        line.toldAt = told.at
        if isNew {
            person.gathering.newest = seq
            practiceMeets(told, in: person.gathering)
            follow(told, in: person.gathering)
        }
        measureDelivery(told, on: line, at: heard)
        react(to: told, on: line, due: heard)
    }

    /// From when the message was due to here; not for those who were away, and not for those who do not read.
    private func measureDelivery(_ told: Told, on line: Line, at heard: Int64) {
        guard let due = told.due, told.seq > line.catchesUpTo, line.person.role.link != .slow else { return }
        meters.delivery(Int(heard - due))
    }

    /// What the first who hears of it makes of it for the whole session.
    private func follow(_ told: Told, in gathering: Gathering) {
        switch told.change {
        case .started:
            gathering.phase = .live
            practiceStarts()
        case .ended:
            gathering.phase = .ended
            practiceEnds()
        case .host(_, let to):
            gathering.hostNumber = to
            practiceHears(host: to, in: gathering)
            guard to != nil else { return }
            if let gone = gathering.hostGoneAt { gathering.hostless = max(gathering.hostless, now - gone) }
            gathering.hostGoneAt = nil
        default: break
        }
    }

    /// What a person does on hearing it: looks where they are now, finds their room, puts a sign on a message.
    private func react(to told: Told, on line: Line, due: Int64) {
        let person = line.person
        switch told.change {
        case .moved(let who, let room): if who == person.ledgerNumber { move(person, on: line, to: room) }
        case .opened(let round, _, let placed, _):
            if let room = placed[person.ledgerNumber] { move(person, on: line, to: room) }
            if scenario.rounds.indices.contains(round - 1), scenario.rounds[round - 1].mode == .choose {
                planChoice(of: person, on: line, round: round)
            }
        case .closed(let placed, _), .roomRemoved(_, let placed):
            if let room = placed[person.ledgerNumber] { move(person, on: line, to: room) }
        case .chat(let chat):
            planReaction(of: person, on: line, to: chat, told: told)
        default: break
        }
    }

    private func move(_ person: Person, on line: Line, to room: RoomID) {
        person.room = room
        guard line.device == 0, case .breakout = room else { return }
        let wait = 200_000 + Int64(person.reactionDraws.number(below: 2_000_000))
        agenda.note(.confirm(line, life: line.life, room: room), at: now + wait)
    }

    // MARK: - Replies

    private func reply(_ bytes: [UInt8], on line: Line, at heard: Int64) {
        let ledger = line.person.gathering.ledger
        ledger.now = seconds
        guard let message = try? meters.reader.read(bytes) else {
            return ledger.fail(
                "form",
                person: line.person.ledgerNumber,
                "a message that is not JSON",
                evidence: [ledger.text(bytes)]
            )
        }
        guard let re = message.re, let asked = line.asked.removeValue(forKey: re) else {
            return ledger.fail(
                "form",
                person: line.person.ledgerNumber,
                "an answer to nothing",
                evidence: [ledger.text(bytes)]
            )
        }
        if let code = message.errorCode {
            let name = String(decoding: code, as: UTF8.self)
            let wait = message.error?["retryAfter"]?.integer
            refusal(name, retryAfter: wait, of: asked, on: line, bytes)
            return
        }
        guard let ok = message.ok else { return }
        switch asked.what {
        case .join: welcome(ok, asked: asked, on: line, at: heard)
        case .chat(let count):
            meters.acknowledged(Int(heard - asked.due), line.person.role.link != .slow)
            line.person.isAnswered(count)
            if line.person.role.link == .slow { sayNext(on: line, since: heard) }
            if practice == nil {
                line.person.gathering.acknowledged.append(
                    .init(person: line.person.ledgerNumber, count: count)
                )
            }
        case .report: report(ok, of: line.person.gathering)
        case .other: meters.acknowledged(Int(heard - asked.due), line.person.role.link != .slow)
        }
    }

    /// What may be refused because things happened at the same moment.
    private static let crossings: Set<String> = [
        "notInRoom", "roomsClosed", "noSuchRoom", "noBreakouts", "noSuchMessage", "notReadable", "ended",
        "alreadyLive", "breakoutsOpen", "alreadyHost", "personNotHere", "noSuchPerson",
    ]

    private func refusal(
        _ code: String,
        retryAfter: Int64?,
        of asked: Line.Asked,
        on line: Line,
        _ bytes: [UInt8]
    ) {
        meters.counts.refusals[code, default: 0] += 1
        if case .chat(let count) = asked.what {
            // Who comes back with much to say is asked to say it slowly.
            if code == "slowDown", !isFinishing {
                let again = now + 1_000 * (retryAfter ?? 1_000)
                line.person.isPutOff(count, until: again)
                agenda.note(.sayAgain(line.person), at: again)
                return
            }
            line.person.isAnswered(count)
        }
        guard !Self.crossings.contains(code) else { return }
        meters.unexpectedRefusals += 1
        remark(
            "\(line.person.gathering.session), \(line.person.role.person): refused "
                + String(decoding: bytes.prefix(200), as: UTF8.self)
        )
    }
}
