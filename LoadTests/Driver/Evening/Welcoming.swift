import SessionProtocol
import Sessions

// In the session: for the first time, or again.
extension Evening {
    func welcome(_ ok: JSONObject, asked: Line.Asked, on line: Line, at heard: Int64) {
        let person = line.person
        let gathering = person.gathering
        let ledger = gathering.ledger
        guard let welcome = Welcome(ok, of: person.ledgerNumber, number: ledger.number) else {
            return ledger.fail("form", person: person.ledgerNumber, "a reply to a join that lacks something")
        }
        // Devices do not add up.
        if !person.isHere { meters.connected += 1 }
        line.stage = .here
        // Several round trips over a link of one's own are nobody else's fault.
        if person.role.link != .near { person.awayUntil = now }
        serverVersion = welcome.server
        serverIsBack(at: welcome.now)
        serverClock.learn(server: welcome.now, sent: asked.due, heard: heard)
        line.stay = person.stays.begin(at: welcome.now)
        line.toldAt = welcome.now
        joined(line, resumed: welcome.resumed, at: heard)
        line.epoch = welcome.epoch
        line.catchesUpTo = welcome.seq
        person.room = welcome.room
        if let state = welcome.state {
            line.hearing?.end()
            line.hearing = ledger.begin(person: person.ledgerNumber, from: welcome.seq)
            ledger.open(state.account, at: welcome.seq)
            for count in state.own { ledger.isInState(.init(person: person.ledgerNumber, count: count)) }
            if gathering.newest < welcome.seq {
                gathering.newest = welcome.seq
                gathering.hostNumber = state.account.host
            }
            practiceMeets(ok["state"]?.object?["participants"]?.objects ?? [], in: gathering)
            if state.phase == "live", gathering.phase == .lobby {
                gathering.phase = .live
                practiceStarts()
            }
        }
        ledger.claim(
            Ledger.Claim(
                person: person.ledgerNumber,
                room: welcome.room,
                role: welcome.role,
                host: welcome.state.map(\.account.host)
            ),
            at: welcome.seq
        )
        if person.ledgerNumber == gathering.hostNumber { gathering.hostGoneAt = nil }
        returns.isBack(person.number, at: now)
        sendUnanswered(on: line)
        lead(line)
    }

    private func joined(_ line: Line, resumed: Bool, at heard: Int64) {
        meters.counts.joins += 1
        meters.second.joined += 1
        let isBack = line.hearing != nil
        if isBack, resumed { meters.counts.resumed += 1 }
        // Those on long lines need several of their own round trips; the server's part in them is too small to see.
        guard line.person.role.link == .near else {
            line.due = now
            return
        }
        if isBack { meters.resumed(Int(heard - line.due)) } else { meters.joined(Int(heard - line.due)) }
    }
}
