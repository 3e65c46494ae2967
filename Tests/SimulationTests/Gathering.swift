import Fanout
import SessionEngine
import SessionProtocol
import Sessions

/// A session that people mean to meet in, and what they have said there.
struct Gathering {
    let id: SessionID
    /// As their tickets say; the index is the person's number.
    let people: [Admission]
    /// People here write as much as they may.
    let isTalkative: Bool
    /// Each person's last messages with a key.
    var sent: [[SendChat]]
    /// So many keys each person has used.
    var keys: [Int]

    init(number: Int, people count: Int) throws(Broken) {
        isTalkative = number % 3 == 1
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
                    title: Text("Evening \(number)")
                )
            )
        }
        self.people = people
        sent = Array(repeating: [], count: count)
        keys = Array(repeating: 0, count: count)
    }

    private static func role(_ index: Int, of count: Int) -> Role {
        switch index {
        case 0: .host
        case 1: .cohost
        case 2: count > 5 ? .host : .participant
        case count - 1: .observer
        default: .participant
        }
    }
}

/// Coming and going.
extension World {
    func addGathering() throws(Broken) {
        tally.sessions += 1
        let people = 3 + random.below(7)
        gatherings.append(try Gathering(number: gatherings.count, people: people))
        for person in 0..<people {
            for _ in 0...random.below(3) {
                devices.append(Device(gathering: gatherings.count - 1, person: person))
            }
        }
        // Somebody with more devices than a seat takes.
        if chance(1, in: 3) {
            for _ in 0..<7 { devices.append(Device(gathering: gatherings.count - 1, person: 3 % people)) }
        }
        active = gatherings.indices.suffix(3).flatMap { gathering in
            devices.indices.filter { devices[$0].gathering == gathering }
        }
    }

    func arrive(_ index: Int) {
        guard devices[index].link == .offline else { return }
        let device = devices[index]
        let gathering = gatherings[device.gathering]
        var admission = gathering.people[device.person]
        admission.isExpired = chance(1, in: 12)
        let connection = switchboard.open(device: index, loop: UInt16(random.below(loops)))
        var resume = device.memory.map { Resume(epoch: $0.epoch, after: $0.lastSeq) }
        switch random.below(16) {
        case 0: forgetMemory(of: index, &resume)
        case 1: claim(Resume(epoch: Epoch(bits: random.next()), after: random.below(200)), of: index, &resume)
        default: break
        }
        devices[index].link = .joining(connection)
        note("device \(index) joins \(gathering.id.text) as \(admission.person.text), \(resume?.after ?? -1)")
        let id = devices[index].takeID()
        inbox.append(.join(connection, id: id, session: gathering.id, admission, resume: resume))
    }

    private func forgetMemory(of index: Int, _ resume: inout Resume?) {
        devices[index].memory = nil
        resume = nil
    }

    /// A client with a broken memory: it is to be given the state.
    private func claim(_ claim: Resume, of index: Int, _ resume: inout Resume?) {
        devices[index].memory = nil
        resume = claim
    }

    func drop(_ index: Int) {
        guard let connection = devices[index].connection else { return }
        let cause = pick(AwayCause.allCases)
        note("device \(index) goes, \(cause)")
        devices[index].disconnect()
        switchboard.close(connection)
        inbox.append(.closed(connection, cause))
    }

    /// A device asks; what it asks is answered, or the connection goes.
    func ask(_ index: Int, _ command: SessionCommand) {
        guard case .joined(let connection) = devices[index].link else { return }
        let id = devices[index].takeID()
        devices[index].asked.append(Device.Asked(id: id, command: command))
        note("device \(index) #\(id) \(brief(command))")
        inbox.append(.command(connection, id: id, command))
    }

    private func brief(_ command: SessionCommand) -> String {
        guard case .sendChat(let message) = command else {
            return "\(command)".replacing("Sessions.", with: "")
        }
        let key = message.key.map { String(decoding: $0.utf8, as: UTF8.self) } ?? "-"
        return "says \(message.text.utf8.count) bytes in \(message.room.text), key \(key)"
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
