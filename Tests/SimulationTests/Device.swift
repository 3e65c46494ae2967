import Fanout
import SessionProtocol
import Sessions

/// A virtual participant's phone or laptop: what it is connected as, what it remembers and shows, what it waits for.
///
///     offline ── asks to join ──▶ joining ── reply ──▶ joined ── dropped, closed or server gone ──▶ offline
///
/// It believes nothing: every message is compared with the account of the session.
struct Device {
    enum Link: Equatable {
        case offline
        case joining(ConnectionID)
        case joined(ConnectionID)
    }

    /// What outlives a connection.
    struct Memory {
        var epoch: Epoch
        var lastSeq: Int
        var picture: Picture
    }

    /// A command that has no answer yet.
    struct Asked {
        var id: Int64
        var command: SessionCommand
        var ifSeq: Int?
    }

    let gathering: Int
    let person: Int
    var link = Link.offline
    var memory: Memory?
    var asked: [Asked] = []
    /// Messages with a key whose fate is not known: they are sent again.
    var unanswered: [SendChat] = []
    /// What the loop remembers of this connection's messages.
    var sequence = CommandSequence()
    private(set) var nextID: Int64 = 1
    /// The line is cut after so many more messages, whatever the server believes; nil: not to be foreseen.
    var hearsOnly: Int?

    /// The first event in the account that it has not been compared with.
    private(set) var cursor = 0
    /// The last event that there was when its join was answered: pushes up to it are told afterwards.
    private var welcomedAt = 0
    /// When it heard the last count.
    private var countedAt: Milliseconds = 0

    init(gathering: Int, person: Int) {
        self.gathering = gathering
        self.person = person
    }

    var connection: ConnectionID? {
        switch link {
        case .offline: nil
        case .joining(let connection), .joined(let connection): connection
        }
    }

    var isJoined: Bool { if case .joined = link { true } else { false } }

    /// What it shows now; nil when it shows nothing that is true.
    var picture: Picture? { isJoined ? memory?.picture : nil }

    var isHosting: Bool { picture?.isHosting ?? false }

    /// The room that it shows to be its own.
    var room: String { picture?.me.room ?? "main" }

    mutating func takeID() -> Int64 {
        defer { nextID += 1 }
        return nextID
    }

    /// A message with this id has been sent: only higher ones may follow.
    mutating func skipIDs(to id: Int64) { nextID = max(nextID, id + 1) }

    /// The connection is gone, whoever ended it.
    mutating func disconnect() {
        for case .sendChat(let message) in asked.map(\.command) where message.key != nil {
            if !unanswered.contains(message) { unanswered.append(message) }
        }
        asked = []
        link = .offline
        sequence = CommandSequence()
        nextID = 1
        hearsOnly = nil
        countedAt = 0
    }

    // MARK: - Hearing

    /// Compares a message with the account, and learns from it.
    mutating func hear(_ told: Told, _ account: Account, seat: Int?, at now: Milliseconds) throws(Broken) {
        switch told {
        case .reply(let reply): try hear(reply, account, seat: seat)
        case .push(let push):
            guard isJoined, let seat else { throw Broken("heard event \(push.seq) before it was let in") }
            try hear(push, account, seat)
        case .notice(let notice):
            guard isJoined, let seat else { throw Broken("heard a notice before it was let in") }
            try hear(notice, account, seat, at: now)
        }
    }

    private mutating func hear(_ push: Push, _ account: Account, _ seat: Int) throws(Broken) {
        let seq = push.seq
        while cursor < account.events.count, account.events[cursor].seq < seq {
            guard !account.events[cursor].isFor(seat) else {
                throw Broken("missed event \(account.events[cursor].seq), heard \(seq)")
            }
            cursor += 1
        }
        guard cursor < account.events.count, account.events[cursor].seq == seq else {
            throw Broken("heard event \(seq) twice, too late, or before it was kept")
        }
        guard account.events[cursor].isFor(seat) else {
            throw Broken("heard event \(seq), \(push.name), which is not for it")
        }
        cursor += 1
        try checkWords(of: push, account)
        memory?.lastSeq = seq
        try memory?.picture.take(push)
    }

    /// As they were then; told afterwards, as they are now: what was deleted meanwhile is not told again.
    private func checkWords(of push: Push, _ account: Account) throws(Broken) {
        let message: Int
        let text: Text?
        switch push.change {
        case .chat(.sent(let line)): (message, text) = (line.message, line.text)
        case .chat(.edited(let edited, let words)): (message, text) = (edited, words)
        default: return
        }
        let expected = account.talk.said[message]?.text(asOf: max(push.seq, welcomedAt))
        guard text == expected else {
            throw Broken("event \(push.seq) has other words for message \(message)")
        }
    }

    private mutating func hear(
        _ notice: Notice,
        _ account: Account,
        _ seat: Int,
        at now: Milliseconds
    ) throws(Broken) {
        switch notice {
        case .you(let role, let room, let own):
            try check(own, account, seat, asOf: nil)
            guard let me = memory?.picture.me, me.role == role, me.room == room else {
                throw Broken("is told to be \(role) in \(room), and is not")
            }
            memory?.picture.take(own)
        case .count:
            guard now - countedAt >= 1_000 else { throw Broken("counts after \(now - countedAt) ms") }
            countedAt = now
        case .forHosts(let name): guard isHosting else { throw Broken("heard \(name), and is no host") }
        case .typing(let place, let to, let people, let count):
            guard !people.isEmpty, people.count == min(count, 5) else { throw Broken("\(count) write") }
            let own = memory?.picture.me.person
            let mayHear = to == own || place == "main" || place == room || (place == "hosts" && isHosting)
            guard (place == nil) != (to == nil), mayHear else {
                throw Broken("hears that somebody writes in \(place ?? "") to \(to ?? "")")
            }
        }
    }

    private mutating func hear(_ reply: Reply, _ account: Account, seat: Int?) throws(Broken) {
        guard let index = asked.firstIndex(where: { $0.id == reply.re }) else {
            guard case .joining(let connection) = link else {
                throw Broken("an answer to \(reply.re), which it did not ask")
            }
            // A refused join: the close follows.
            guard reply.code == nil else { return }
            guard let joined = reply.joined, let seat else { throw Broken("a join without a seat") }
            link = .joined(connection)
            try take(joined, reply, account, seat)
            return
        }
        let command = asked.remove(at: index).command
        guard let seat else { throw Broken("an answer without a seat") }
        if let seq = reply.seq, let last = memory?.lastSeq, last >= seq {
            throw Broken("the answer to \(reply.re) comes after event \(seq)")
        }
        try check(reply.history, account, seat, asOf: nil)
        guard case .sendChat(let message) = command else { return }
        if let key = message.key { unanswered.removeAll { $0.key == key } }
        guard let id = reply.message else { return }
        guard let said = account.talk.said[id], said.by == seat,
            said.versions.first?.text == message.text
        else {
            throw Broken("message \(id) was acknowledged and is not there")
        }
        if let key = message.key, account.talk.message(of: seat, key: key) != id {
            throw Broken("message \(id) is not the one that its key names")
        }
    }

    private mutating func take(
        _ joined: Reply.Joined,
        _ reply: Reply,
        _ account: Account,
        _ seat: Int
    ) throws(Broken) {
        guard let seq = reply.seq else { throw Broken("a join was answered without a number") }
        welcomedAt = seq
        if let state = joined.state {
            if let memory, memory.epoch == joined.epoch { try checkNotShort(of: memory, account) }
            memory = Memory(epoch: joined.epoch, lastSeq: seq, picture: state)
            guard state.me.role == joined.role, state.me.room == joined.room else {
                throw Broken("is told to be \(joined.role) in \(joined.room), and otherwise in its state")
            }
            try check(state.own, account, seat, asOf: seq)
        } else {
            guard let memory, memory.epoch == joined.epoch else { throw Broken("resumed from nowhere") }
        }
        let known = memory?.lastSeq ?? 0
        cursor = account.events.lastIndex { $0.seq <= known }.map { $0 + 1 } ?? 0
    }

    /// Who missed little must be told just that: it is surely in the backlog.
    private func checkNotShort(of memory: Memory, _ account: Account) throws(Broken) {
        guard memory.lastSeq <= account.seq, account.seq - memory.lastSeq < 10 else { return }
        throw Broken("a whole state for who missed \(account.seq - memory.lastSeq) events")
    }

    /// One's own part: messages that one may read, and help that one asked for, or as a host all of it.
    private func check(
        _ own: Picture.Own,
        _ account: Account,
        _ seat: Int,
        asOf seq: Int?
    ) throws(Broken) {
        let chat = own.chat
        for lines in [chat.main, chat.room, chat.hosts ?? [], chat.direct] {
            try check(lines, account, seat, asOf: seq)
        }
        let person = account.people[seat].person.text
        guard isHosting || own.help.allSatisfy({ $0.person == person }) else {
            throw Broken("is told that others want help, and is no host")
        }
        guard zip(own.help, own.help.dropFirst()).allSatisfy({ $0.help < $1.help }) else {
            throw Broken("requests for help are out of order")
        }
    }

    /// Messages that it is shown are ones that it may read, word for word, in order in each place.
    ///
    /// `seq` is the event as of which they are told; nil: some event since the last that it heard.
    private func check(
        _ lines: [Picture.Line],
        _ account: Account,
        _ seat: Int,
        asOf seq: Int?
    ) throws(Broken) {
        guard zip(lines, lines.dropFirst()).allSatisfy({ $0.message < $1.message }) else {
            throw Broken("messages out of order")
        }
        for line in lines {
            guard let said = account.talk.said[line.message], said.by == account.seat(named: line.from),
                said.to == line.to.flatMap(account.seat(named:)), said.stands(in: line.room)
            else { throw Broken("was shown message \(line.message), which is not like that") }
            let isWordForWord =
                seq.map { said.text(asOf: $0) == line.text }
                ?? said.read(line.text, since: memory?.lastSeq ?? 0)
            guard isWordForWord else { throw Broken("was shown other words of message \(line.message)") }
            guard account.mayRead(said, seat, hosting: isHosting) else {
                throw Broken("was shown message \(line.message), which is not for it")
            }
        }
    }

    /// After everything was delivered: nothing is missing.
    mutating func checkComplete(_ account: Account, seat: Int) throws(Broken) {
        while cursor < account.events.count {
            guard !account.events[cursor].isFor(seat) else {
                throw Broken("missed event \(account.events[cursor].seq)")
            }
            cursor += 1
        }
        guard asked.isEmpty else { throw Broken("command \(asked[0].id) was not answered") }
    }
}

extension Account {
    func seat(named person: String) -> Int? { people.firstIndex { $0.person.text == person } }
}

extension Talk.Said {
    func stands(in room: String?) -> Bool {
        switch place {
        case .room(let known): known.text == room
        case .between: room == nil
        }
    }
}
