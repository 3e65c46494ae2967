import Transport

/// Everybody's evening: all connect, talk at their own pace, and are asked at the end whether the rules held.
///
/// Open loop: each message has a time at which it is due, and latency counts from it, so a server that stalls cannot
/// hide the messages that it kept from being sent.
struct Evening {
    private let plan: LoadPlan
    private let clock = ServerClock()
    private let sockets: ClientSockets
    private var people: [VirtualParticipant] = []
    /// The participant behind each socket.
    private var owners: [Int: Int] = [:]
    /// The socket of each participant; nil when it is over.
    private var numbers: [Int?] = []
    /// How late each message was sent: the driver's own fault, never the server's.
    private var lags: [Int] = []

    init(_ plan: LoadPlan) throws(LoadFault) {
        self.plan = plan
        do throws(SystemFailure) {
            sockets = try ClientSockets()
        } catch {
            throw .unreachable(error.description)
        }
    }

    /// Plays it; `tell` gets a line every five seconds.
    consuming func play(_ tell: (String) -> Void) throws(LoadFault) -> Verdict {
        var evening = self
        return try evening.run(tell)
    }

    private mutating func run(_ tell: (String) -> Void) throws(LoadFault) -> Verdict {
        try comeIn()
        let start = clock.now()
        let end = start + Int64(plan.seconds) * 1_000
        let gap = plan.perMinute == 0 ? nil : 60_000 / Int64(plan.perMinute)
        // Everybody has a beat of their own, spread over the gap.
        var due = people.indices.map { start + (gap ?? 0) * Int64($0) / Int64(people.count) }
        var nextLine = start + 5_000
        while clock.now() < end {
            let now = clock.now()
            for index in people.indices {
                guard let gap, due[index] <= now else { continue }
                lags.append(Int(clock.now() - due[index]))
                say(people[index].talk(at: due[index]), by: index)
                due[index] += gap
            }
            listen(atMost: 5)
            if now >= nextLine {
                tell(progress)
                nextLine += 5_000
            }
        }
        // What was said last may still be on its way.
        let patience = clock.now() + 5_000
        while people.contains(where: { $0.outstanding > 0 }), clock.now() < patience { listen(atMost: 50) }
        for index in people.indices { people[index].finish() }
        return Verdict(people: people, lags: lags, seconds: plan.seconds)
    }

    private mutating func comeIn() throws(LoadFault) {
        for (index, link) in plan.links.enumerated() {
            let seed = plan.seed &* 1_000_003 &+ UInt64(index)
            people.append(VirtualParticipant(link, textBytes: plan.textBytes, seed: seed))
            do throws(SystemFailure) {
                let number = try sockets.connect(to: link.address)
                owners[number] = index
                numbers.append(number)
            } catch {
                throw .unreachable("\(link.host): \(error.description)")
            }
            listen(atMost: 0)
        }
        let patience = clock.now() + 15_000
        while people.contains(where: \.isComing), clock.now() < patience { listen(atMost: 50) }
        guard people.contains(where: { $0.stage == .talking }) else {
            throw .unreachable("nobody got in: \(people.flatMap(\.violations).first ?? "no answer")")
        }
    }

    private mutating func listen(atMost milliseconds: Int32) {
        var happenings: [ClientSockets.Happening] = []
        sockets.turn(atMostMilliseconds: milliseconds) { happenings.append($0) }
        for happening in happenings {
            switch happening {
            case .opened(let number):
                if let index = owners[number] { sockets.send(people[index].greeting, on: number) }
            case .received(let number, let bytes):
                guard let index = owners[number] else { continue }
                let answer = people[index].receive(bytes, at: clock.now())
                if !answer.isEmpty { sockets.send(answer, on: number) }
            case .closed(let number):
                guard let index = owners.removeValue(forKey: number) else { continue }
                numbers[index] = nil
                people[index].closed()
            }
        }
    }

    private mutating func say(_ bytes: [UInt8], by index: Int) {
        guard !bytes.isEmpty, let number = numbers[index] else { return }
        sockets.send(bytes, on: number)
    }

    private var progress: String {
        let talking = people.count { $0.stage == .talking }
        let sent = people.reduce(0) { $0 + $1.sent }
        let violations = people.reduce(0) { $0 + $1.violations.count }
        return "\(talking) of \(people.count) here, \(sent) messages sent, \(violations) violations"
    }
}

extension VirtualParticipant {
    var isComing: Bool { stage == .handshake || stage == .joining }
}
