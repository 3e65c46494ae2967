import Transport

// Long lines, dead ones, slow readers: what lies between a device and its socket.
extension Evening {
    static let sipMicroseconds: Int64 = 250_000

    /// Sends, at once or over a long line; while a link is dead nothing is sent.
    func send(_ bytes: [UInt8], on line: Line) {
        guard line.socket != nil, !line.person.isPaused else { return }
        let oneWay = line.oneWay(scenario)
        if oneWay == 0 {
            transmit(bytes, on: line)
        } else {
            agenda.note(.leave(line, life: line.life, bytes: bytes), at: now + oneWay)
        }
    }

    func transmit(_ bytes: [UInt8], on line: Line) {
        guard let socket = line.socket else { return }
        if let until = line.person.pausedUntil {
            // On its way when the link went dead: TCP brings it when there is a link again.
            agenda.note(.leave(line, life: line.life, bytes: bytes), at: max(until, now) + 1_000)
            return
        }
        line.spokeAt = now
        sockets.send(bytes, on: socket)
    }

    /// The link goes dead and nobody says so, or the phone falls asleep.
    func pause(_ person: Person, for length: Int64) {
        guard !isFinishing, !person.isPaused, person.isHere else { return }
        let until = now + length
        person.pausedUntil = until
        person.pauses += 1
        for line in person.lines { if let socket = line.socket { sockets.setReading(false, on: socket) } }
        agenda.note(.resume(person, pause: person.pauses), at: until)
        if person.ledgerNumber == person.gathering.hostNumber { person.gathering.hostGoneAt = now }
    }

    /// The link is there again.
    ///
    /// Who has heard nothing for too long does not trust the connection any more.
    func resume(_ person: Person, pause: Int) {
        guard person.pauses == pause, person.isPaused else { return }
        for line in person.lines {
            guard let socket = line.socket else { continue }
            if now - line.heardAt > 20_000_000 || line.stage != .here {
                lose(line)
                comeBack(line, at: now)
            } else {
                sockets.setReading(true, on: socket)
                line.catchesUpTo = max(line.catchesUpTo, person.gathering.newest)
                waitAnew(for: person, on: line)
            }
        }
        person.pausedUntil = nil
        person.awayUntil = now
        if let line = person.writingLine { sendUnanswered(on: line) }
    }

    /// What was on its way when the link went dead is on its way again: its lateness is nobody's fault.
    private func waitAnew(for person: Person, on line: Line) {
        line.waitAnew(from: now)
        for message in person.unanswered {
            guard let (device, life) = message.sentOn, device == line.device, life == line.life else {
                continue
            }
            let key = Ledger.OwnKey(person: person.ledgerNumber, count: message.count)
            if person.gathering.ledger.heardAs[key] == nil { person.gathering.ledger.expect(key, due: now) }
        }
    }

    /// A slow reader reads a quarter of a second's worth.
    func sip(_ line: Line, life: Int) {
        guard line.life == life, let socket = line.socket else { return }
        if !line.person.isPaused {
            // Whoever has not joined yet reads as everybody does.
            let share = line.stage == .here ? scenario.slow.bytesPerSecond / 4 : 64 << 10
            sockets.read(socket, atMost: max(1, share)) { happened($0) }
        }
        agenda.note(.sip(line, life: life), at: now + Self.sipMicroseconds)
    }
}

extension Line {
    /// Half of what a far-away person waits for an answer, in microseconds.
    func oneWay(_ scenario: Scenario) -> Int64 {
        person.role.link == .far ? Int64(scenario.far.delayMs) * 500 : 0
    }
}

/// Where connections come from: on loopback from several addresses in turn, since each has 28,000 ports only.
struct SourceAddresses {
    private let addresses: [PeerAddress]
    private var turn = 0

    init(for target: TargetURL) {
        addresses =
            target.address.isLoopback && target.address.isIPv4
            ? (1...Self.count).map { PeerAddress(ipv4: 0x7f00_0000 + UInt32($0), port: 0) } : []
    }

    static let count = 8

    mutating func next() -> PeerAddress? {
        guard !addresses.isEmpty else { return nil }
        turn += 1
        return addresses[turn % addresses.count]
    }
}
