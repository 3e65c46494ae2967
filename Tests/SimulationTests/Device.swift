import Fanout
import SessionProtocol
import Sessions

/// A virtual participant's phone or laptop: what it is connected as, what it remembers, and what it waits for.
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
    struct Memory: Equatable {
        var epoch: Epoch
        var lastSeq: Int
    }

    /// A command that has no answer yet.
    struct Asked {
        var id: Int64
        var command: SessionCommand
    }

    let gathering: Int
    let person: Int
    var link = Link.offline
    var memory: Memory?
    /// The room and the role that it was told to be its own.
    var room = ""
    var role = ""
    var asked: [Asked] = []
    /// Messages with a key whose fate is not known: they are sent again.
    var unanswered: [SendChat] = []
    private(set) var nextID: Int64 = 1
    /// The first event in the account that it has not been compared with.
    var cursor = 0
    /// When it heard the last count.
    var countedAt: Milliseconds = 0

    var connection: ConnectionID? {
        switch link {
        case .offline: nil
        case .joining(let connection), .joined(let connection): connection
        }
    }

    var isJoined: Bool { if case .joined = link { true } else { false } }

    mutating func takeID() -> Int64 {
        defer { nextID += 1 }
        return nextID
    }

    /// The connection is gone, whoever ended it.
    mutating func disconnect() {
        for case .sendChat(let message) in asked.map(\.command) where message.key != nil {
            if !unanswered.contains(message) { unanswered.append(message) }
        }
        asked = []
        link = .offline
        nextID = 1
        countedAt = 0
    }

    // MARK: - Hearing

    /// Compares a message with the account, and learns from it.
    mutating func hear(_ told: Told, _ account: Account, seat: Int?, at now: Milliseconds) throws(Broken) {
        if let re = told.re {
            try hearReply(told, re, account, seat: seat)
        } else if told.isPush, let seq = told.seq {
            guard isJoined, let seat else { throw Broken("heard event \(seq) before its join was answered") }
            try hearPush(told, seq, account, seat)
        } else {
            guard isJoined else { throw Broken("heard \(told.name) before its join was answered") }
            try hearNotice(told, at: now)
        }
    }

    private mutating func hearPush(_ told: Told, _ seq: Int, _ account: Account, _ seat: Int) throws(Broken) {
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
            throw Broken("heard event \(seq), \(told.name), which is not for it")
        }
        cursor += 1
        memory?.lastSeq = seq
        if told.name == "chat.sent" {
            guard told.message == seq, let said = account.said[seq], Text(told.text ?? "") == said.text else {
                throw Broken("message \(seq) has other words")
            }
        }
        let own = account.places[seat].person.text
        room = told.rooms[own] ?? room
        role = told.roles[own] ?? role
    }

    private mutating func hearNotice(_ told: Told, at now: Milliseconds) throws(Broken) {
        guard told.name == "attendance.count" else { return }
        guard now - countedAt >= 1_000 else { throw Broken("counts after \(now - countedAt) ms") }
        countedAt = now
    }

    private mutating func hearReply(
        _ told: Told,
        _ re: Int64,
        _ account: Account,
        seat: Int?
    ) throws(Broken) {
        guard let index = asked.firstIndex(where: { $0.id == re }) else {
            guard case .joining(let connection) = link, let joined = told.joined, let seat else {
                // A refused join: the close follows.
                if told.isRefusal, case .joining = link { return }
                throw Broken("an answer to \(re), which it did not ask")
            }
            link = .joined(connection)
            try take(joined, told, account, seat)
            return
        }
        let command = asked.remove(at: index).command
        guard let seat else { throw Broken("an answer without a seat") }
        if let seq = told.seq, let last = memory?.lastSeq, last >= seq {
            throw Broken("the answer to \(re) comes after event \(seq)")
        }
        try check(told.shown, account, seat)
        guard case .sendChat(let message) = command else { return }
        if let key = message.key { unanswered.removeAll { $0.key == key } }
        guard let id = told.message else { return }
        guard let said = account.said[id], said.by == seat, said.text == message.text else {
            throw Broken("message \(id) was acknowledged and is not there")
        }
        if let key = message.key, account.message(of: seat, key: key) != id {
            throw Broken("message \(id) is not the one that its key names")
        }
    }

    private mutating func take(
        _ joined: Told.Joined,
        _ told: Told,
        _ account: Account,
        _ seat: Int
    ) throws(Broken) {
        guard let seq = told.seq, let epoch = Epoch(hexadecimal: joined.epoch) else {
            throw Broken("a join was answered without a number")
        }
        if joined.isResumed {
            guard let memory, memory.epoch == epoch else { throw Broken("resumed from nowhere") }
        } else {
            if let memory, memory.epoch == epoch { try checkNotShort(of: memory, account) }
            memory = Memory(epoch: epoch, lastSeq: seq)
            (room, role) = (joined.room, joined.role)
        }
        let known = memory?.lastSeq ?? 0
        cursor = account.events.lastIndex { $0.seq <= known }.map { $0 + 1 } ?? 0
        try check(told.shown, account, seat)
    }

    /// Who missed little must be told just that: it is surely in the backlog.
    private func checkNotShort(of memory: Memory, _ account: Account) throws(Broken) {
        guard memory.lastSeq <= account.seq, account.seq - memory.lastSeq < 20 else { return }
        throw Broken("a whole state for who missed \(account.seq - memory.lastSeq) events")
    }

    /// Messages that it is shown are ones that it may read, word for word, in order in each room.
    private func check(_ shown: [Told.Shown], _ account: Account, _ seat: Int) throws(Broken) {
        var last: [String: Int] = [:]
        for message in shown {
            guard let said = account.said[message.id], said.room.text == message.room,
                said.text == Text(message.text)
            else { throw Broken("was shown message \(message.id), which is not like that") }
            guard account.mayRead(said.room, seat, leading: role == "host" || role == "cohost") else {
                throw Broken("was shown message \(message.id) of \(message.room), which is not for it")
            }
            guard message.id > last[message.room] ?? 0 else { throw Broken("messages out of order") }
            last[message.room] = message.id
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
