import SessionEngine
import SessionProtocol
import Sessions

/// A session that people mean to meet in, and what they have said there.
struct Gathering {
    let id: SessionID
    /// As their tickets say; the index is the person's number.
    let people: [Admission]
    /// Its people have tickets for rehearsals.
    let isRehearsal: Bool
    /// People here write as much as they may.
    let isTalkative: Bool
    /// Each person's last messages with a key.
    var sent: [[SendChat]]
    /// So many keys each person has used.
    var keys: [Int]

    init(number: Int, people count: Int, isRehearsal: Bool) throws(Broken) {
        self.isRehearsal = isRehearsal
        isTalkative = number % 5 == 1
        guard let id = SessionID(Array("evening-\(number)".utf8)) else { throw Broken("no session id") }
        self.id = id
        var people: [Admission] = []
        for index in 0..<count {
            guard let person = PersonID(Array("p\(index)".utf8)) else { throw Broken("no person id") }
            people.append(
                Admission(
                    person: person,
                    name: Text("Person \(index)"),
                    school: Text(index % 3 == 0 ? "" : "School \(index % 3)"),
                    role: Self.role(index, of: count),
                    title: Self.title(number, isRehearsal: isRehearsal),
                    isRehearsal: isRehearsal
                )
            )
        }
        self.people = people
        sent = Array(repeating: [], count: count)
        keys = Array(repeating: 0, count: count)
    }

    /// Of a rehearsal words that are in no other.
    static func title(_ number: Int, isRehearsal: Bool) -> Text {
        Text(isRehearsal ? "Practice no. \(number)." : "Evening \(number)")
    }

    private static func role(_ index: Int, of count: Int) -> Role {
        switch index {
        case 0: .host
        case 1: .cohost
        case 2: count > 6 ? .host : .participant
        case count - 1: .observer
        default: .participant
        }
    }
}

/// Coming and going.
extension World {
    /// A new gathering, in the place of the one that has been there longest.
    func addGathering() throws(Broken) {
        tally.sessions += 1
        let people = 4 + random.below(7)
        let number = gatherings.count
        let isRehearsal = hasRehearsals && number % 2 == 1
        gatherings.append(try Gathering(number: number, people: people, isRehearsal: isRehearsal))
        for person in 0..<people {
            for _ in 0...random.below(2) { devices.append(Device(gathering: number, person: person)) }
        }
        // Somebody with more devices than a seat takes.
        if chance(1, in: 4) {
            for _ in 0..<8 { devices.append(Device(gathering: number, person: 3 % people)) }
        }
        current = current.suffix(2) + [number]
        active = current.flatMap { gathering in devices.indices.filter { devices[$0].gathering == gathering }
        }
        lingering = devices.indices.filter { !active.contains($0) && devices[$0].link != .offline }
        // Mostly people are on time.
        if !chance(1, in: 4) { comeBack(to: number, upTo: 2 * people) }
    }

    func arrive(_ index: Int) {
        guard devices[index].link == .offline else { return }
        let device = devices[index]
        var admission = gatherings[device.gathering].people[device.person]
        admission.isExpired = chance(1, in: 12)
        // Once the session is there: a wrong ticket that came first would make another session of it.
        if hasRehearsals, ahead.session(gatherings[device.gathering].id) != nil, chance(1, in: 30) {
            admission.isRehearsal.toggle()
        }
        let connection = switchboard.open(device: index, loop: UInt16(random.below(loops)))
        var resume = device.memory.map { Resume(epoch: $0.epoch, after: $0.lastSeq) }
        switch random.below(24) {
        case 0:
            resume = nil
            devices[index].memory = nil
        case 1:
            // A client with a broken memory: it is to be given the state.
            resume = Resume(epoch: Epoch(bits: random.next()), after: random.below(200))
            devices[index].memory = nil
        default: break
        }
        let id = devices[index].takeID()
        do throws(MessageFault) {
            let bytes = CommandWriter.join(id: id, JoinCommand(ticket: Array("ticket".utf8), resume: resume))
            let read = try decoder.decode(bytes, in: &devices[index].sequence)
            guard case .join(id, let join) = read, join.resume == resume else {
                failure = Broken("a join was spelled, and \(read) was read")
                return
            }
        } catch {
            failure = Broken("a join was spelled, and could not be read: \(error)")
            return
        }
        devices[index].link = .joining(connection)
        if chance(1, in: 12) { devices[index].hearsOnly = random.below(25) }
        let session = gatherings[device.gathering].id
        note("device \(index) joins \(session.text) as \(admission.person.text), \(resume?.after ?? -1)")
        inbox.append(.join(connection, id: id, session: session, admission, resume: resume))
    }

    /// So many of those who are not there come, at once.
    func comeBack(to gathering: Int, upTo count: Int) {
        var offline = active.filter {
            devices[$0].gathering == gathering && devices[$0].link == .offline
        }
        for _ in 0..<min(count, offline.count) { arrive(offline.remove(at: random.below(offline.count))) }
    }

    func drop(_ index: Int, _ cause: AwayCause) {
        guard let connection = devices[index].connection else { return }
        note("device \(index) goes, \(cause)")
        devices[index].disconnect()
        switchboard.close(connection)
        inbox.append(.closed(connection, cause))
    }

    /// The line is cut, and the server does not know.
    func vanish(_ index: Int) {
        guard let connection = devices[index].connection else { return }
        note("device \(index) vanishes")
        devices[index].disconnect()
        ghosts.append(connection)
    }

    /// The server notices whose line was cut.
    func layGhosts() {
        for ghost in ghosts where switchboard.owner(of: ghost) != nil {
            switchboard.close(ghost)
            inbox.append(.closed(ghost, .silent))
        }
        ghosts = []
    }

    /// Everybody of a gathering goes at once, and most come back at once.
    func storm(_ gathering: Int) throws(Broken) {
        let struck = active.filter { devices[$0].gathering == gathering && devices[$0].link != .offline }
        let cause = pick(AwayCause.allCases)
        for index in struck {
            if chance(1, in: 6) { vanish(index) } else { drop(index, cause) }
        }
        if chance(1, in: 2) { try wait(pick([10, 2_000, 7_000, 31_000]), asleep: chance(1, in: 4)) }
        for index in struck where !chance(1, in: 8) { arrive(index) }
    }

    /// Messages whose fate is not known are sent again, with the same keys.
    func repeatUnanswered(_ index: Int) {
        guard devices[index].isJoined else { return }
        let device = devices[index]
        let fresh = gatherings[device.gathering].sent[device.person].suffix(30)
        devices[index].unanswered = []
        for message in device.unanswered where fresh.contains(message) { ask(index, .sendChat(message)) }
    }

    /// A message with a key that this person has not used.
    func keyed(_ index: Int, _ message: SendChat) -> SendChat {
        let device = devices[index]
        var message = message
        gatherings[device.gathering].keys[device.person] += 1
        message.key = Text("k\(gatherings[device.gathering].keys[device.person])")
        gatherings[device.gathering].sent[device.person].append(message)
        if gatherings[device.gathering].sent[device.person].count > 40 {
            gatherings[device.gathering].sent[device.person].removeFirst()
        }
        return message
    }
}
