import Foundation
import SessionProtocol
import Transport

// From nothing to the join, and from a lost connection back: as the page does it.
extension Evening {
    func connect(_ line: Line, life: Int) {
        guard line.life == life, line.stage == .off, !isOver else { return }
        if let until = line.person.pausedUntil {
            // Behind the act that ends the pause.
            agenda.note(.connect(line, life: life), at: max(until, now) + 1_000)
            return
        }
        line.life += 1
        line.attempts += 1
        do throws(SystemFailure) {
            let isSlow = line.person.role.link == .slow
            let socket = try sockets.connect(
                to: target.address,
                from: sources.next(),
                receiveBytes: isSlow ? 4_096 : nil,
                tls: target.tls
            )
            line.begin(on: socket)
            owners[socket] = line
            meters.counts.connections += 1
            agenda.note(.giveUp(line, life: line.life), at: now + 15_000_000)
        } catch {
            if shortages.isEmpty { remark("a connection could not be begun: \(error.description)") }
            // Only what the kernel says of ports is about ports; all else is too many files or too little memory.
            shortages.insert(error.code == EADDRNOTAVAIL || error.code == EADDRINUSE ? .ports : .descriptors)
            comeBack(line, at: now + backOff(line))
        }
    }

    func happened(_ happening: ClientSockets.Happening) {
        switch happening {
        case .opened(let socket):
            guard let line = owners[socket] else { return probe.opened(socket, sockets) }
            send(line.greet(host: target.host), on: line)
            if line.person.role.link == .slow {
                sockets.setReading(false, on: socket)
                agenda.note(.sip(line, life: line.life), at: now + Self.sipMicroseconds)
            }
        case .received(let socket, let bytes):
            guard let line = owners[socket] else { return probe.received(bytes, on: socket) }
            let oneWay = line.oneWay(scenario)
            if oneWay == 0 {
                receive(bytes, on: line, at: now)
            } else {
                agenda.note(.arrive(line, life: line.life, bytes: bytes), at: now + oneWay)
            }
        case .closed(let socket):
            guard let line = owners[socket] else { return probe.closed(socket) }
            lost(line)
        }
    }

    func receive(_ bytes: [UInt8], on line: Line, at heard: Int64) {
        line.heardAt = now
        let life = line.life
        line.receive(bytes) { came in
            guard line.life == life, line.socket != nil else { return }
            switch came {
            case .opened:
                agenda.note(.listen(line, life: life), at: now + 5_000_000)
                send(line.join(due: now), on: line)
            case .message(let message): hear(message, on: line, at: heard)
            case .ping(let payload): send(line.pong(payload), on: line)
            case .refused(let why): refused(line, why)
            case .closed(let code, let reason): closed(line, code, reason)
            case .broken(let what):
                line.person.gathering.ledger.fail("form", person: line.person.ledgerNumber, what)
                lose(line)
                comeBack(line, at: now + backOff(line))
            }
        }
    }

    /// The handshake was answered with no 101: when it is full the server says so, and one comes again.
    private func refused(_ line: Line, _ why: String) {
        meters.counts.closes["handshake \(why)", default: 0] += 1
        lose(line)
        comeBack(line, at: now + backOff(line))
    }

    /// The server has closed with a code: `Protocol/codes.md` says what a client does then.
    private func closed(_ line: Line, _ code: Int?, _ reason: String) {
        let text = code.map(String.init) ?? "no code"
        if !isFinishing { meters.counts.closes[text, default: 0] += 1 }
        let wait = wait(after: code, reason, line)
        if code == 1001 {
            serverWentAway()
            outage?.isFelt = true
        }
        let isSlow = code == 4413 && line.person.role.link != .near
        if wait == nil, !isFinishing {
            let person = line.person
            person.gathering.ledger.fail(
                "closed",
                person: person.ledgerNumber,
                "closed with \(text) \(reason)"
            )
        } else if code != 1001, code != 1000, !isSlow, !isFinishing {
            remark("\(line.person.gathering.session): closed with \(text) \(reason)")
        }
        end(line, isOurs: false)
        if let wait, !isFinishing { comeBack(line, at: now + wait) } else { line.stage = .gone }
    }

    /// Until the device comes back; nil when it does not.
    private func wait(after code: Int?, _ reason: String, _ line: Line) -> Int64? {
        switch code {
        case 1000, .some(4500...4999): nil
        case 1001: Int64(reason).map { min($0, 60_000) * 1_000 } ?? backOff(line)
        case 4410: Int64(line.person.networkDraws.number(below: 1_000_000))
        default: backOff(line)
        }
    }

    /// The connection is gone without a word.
    private func lost(_ line: Line) {
        let stage = line.stage
        if outage != nil { outage?.isFelt = true }
        end(line, isOurs: false)
        guard !isFinishing else {
            line.stage = .gone
            return
        }
        if stage == .here { meters.counts.closes["lost", default: 0] += 1 }
        comeBack(line, at: now + backOff(line))
    }

    /// We end it, as a closed laptop does.
    func lose(_ line: Line) { end(line, isOurs: true) }

    func giveUp(_ line: Line, life: Int) {
        guard line.life == life, line.stage != .here, line.stage != .gone, line.stage != .off else { return }
        // Nobody waits for ever for an answer; who is asleep does not know that time passes.
        guard !line.person.isPaused else {
            return agenda.note(.giveUp(line, life: life), at: now + 15_000_000)
        }
        lose(line)
        comeBack(line, at: now + backOff(line))
    }

    /// The page's rule: twenty seconds without a word is a lost connection.
    func listen(_ line: Line, life: Int) {
        guard line.life == life, line.socket != nil else { return }
        if now - line.heardAt > 20_000_000, line.person.role.link != .slow, !line.person.isPaused {
            meters.counts.closes["silent", default: 0] += 1
            lose(line)
            comeBack(line, at: now + backOff(line))
        } else {
            agenda.note(.listen(line, life: life), at: now + 5_000_000)
        }
    }

    func comeBack(_ line: Line, at moment: Int64) {
        if line.attempts == 0 { line.due = moment }
        agenda.note(.connect(line, life: line.life), at: moment)
    }

    /// Half a second, doubled up to fifteen, and a random time between the half and the whole of it.
    func backOff(_ line: Line) -> Int64 {
        let whole = min(15_000_000, Int64(500_000) << Int64(min(5, max(0, line.attempts - 1))))
        return whole / 2 + Int64(line.person.networkDraws.number(below: Int(whole / 2)))
    }

    /// Ends a life: the socket, what was asked, and the stay.
    private func end(_ line: Line, isOurs: Bool) {
        guard let socket = line.socket else { return }
        owners[socket] = nil
        sockets.close(socket)
        line.socket = nil
        let wasHere = line.stage == .here
        line.stage = .off
        line.life += 1
        guard wasHere else { return }
        line.attempts = 0
        if let stay = line.stay { endStay(stay, of: line, isOurs: isOurs) }
        line.stay = nil
        if !line.person.isHere { meters.connected -= 1 }
        let gathering = line.person.gathering
        if line.person.ledgerNumber == gathering.hostNumber, !line.person.isHere {
            gathering.hostGoneAt = now
        }
    }

    /// Between which moments the server noticed; see `Stays`.
    func endStay(_ stay: Int, of line: Line, isOurs: Bool) {
        let person = line.person
        let here = serverClock.server(at: now)
        let spoke = serverClock.server(at: line.spokeAt)
        var earliest = here - 100
        var latest = here + 3_000
        if person.isPaused || person.role.link == .slow || now - line.spokeAt > 20_000_000 {
            // It may have fallen silent for the server long before.
            earliest = min(earliest, person.role.link == .slow ? line.toldAt : spoke + 20_000)
            latest = isOurs ? latest : min(latest, max(here, spoke + 40_000))
        } else if !isOurs {
            // A killed server's last word on disk is up to ten seconds old.
            earliest = here - 11_000
        }
        person.stays.end(stay, between: earliest, and: latest)
    }
}
