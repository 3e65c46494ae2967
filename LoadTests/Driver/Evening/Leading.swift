import Foundation
import Sessions

// What hosts do, and what is done to the server.
extension Evening {
    /// A host who comes in starts the session; an owner who comes back takes it back.
    func lead(_ line: Line) {
        let person = line.person
        let gathering = person.gathering
        guard person.role.isHost else { return }
        if gathering.phase == .lobby, line.device == 0 {
            order(.start, "session.start", on: line, due: now)
        } else if gathering.phase == .live, gathering.hostNumber != person.ledgerNumber, line.device == 0 {
            order(.reclaimHost, "host.reclaim", on: line, due: now)
        }
    }

    func open(_ number: Int, in gathering: Gathering, due: Int64) {
        guard !isFinishing else { return }
        guard let line = gathering.leader?.writingLine else {
            // Nobody leads at this moment: whoever leads next opens the rooms.
            guard now - due < 60_000_000 else {
                remark("\(gathering.session): nobody was there to open round \(number + 1)")
                return
            }
            return agenda.note(.open(gathering, round: number), at: now + 500_000)
        }
        let round = scenario.rounds[number]
        let plan = OpenBreakouts(
            count: round.rooms,
            size: round.rooms == nil ? round.size : nil,
            mode: round.mode.wire,
            seconds: round.seconds,
            closing: round.closing
        )
        if gathering === gatherings.first { mark("round \(number + 1) opens") }
        order(.openBreakouts(plan), "breakouts.open", on: line, due: now)
    }

    func restartServer() {
        guard let command = options.restartCommand else { return }
        mark("the server is restarted")
        serverWentAway()
        let struck = now
        returns.expect(Dictionary(uniqueKeysWithValues: people.filter(\.isHere).map { ($0.number, struck) }))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        do {
            try process.run()
        } catch {
            remark("the restart's command could not be run: \(error.localizedDescription)")
        }
    }

    /// From now on the server may be away; closings meanwhile are excused.
    func serverWentAway() {
        guard outage == nil else { return }
        // Its last word on disk is up to ten seconds old.
        outage = (serverClock.server(at: now) - 11_000, false)
    }

    func serverIsBack(at moment: Int64) {
        guard let outage, outage.isFelt else { return }
        self.outage = nil
        serverClock.forget()
        for gathering in gatherings { gathering.ledger.outages.append(min(outage.from, moment)...moment) }
    }
}

extension Scenario.Round.Mode {
    var wire: BreakoutMode {
        switch self {
        case .even: .even
        case .mix: .mix
        case .choose: .choose
        }
    }
}
