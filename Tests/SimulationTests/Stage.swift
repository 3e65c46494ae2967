import Fanout
import SessionEngine
import SessionProtocol
import Sessions

/// A server without a disk, and the clients of a script.
final class Stage {
    /// What a client has heard and shows.
    struct Client {
        let person: String
        var connection: ConnectionID?
        var epoch: Epoch?
        var lastSeq = 0
        var picture: Picture?
        var wasResumed = false
    }

    let session: SessionID
    private(set) var clients: [Client] = []
    /// After each push what the client that heard it is like, before anything that follows.
    private(set) var moments: [Client] = []
    var recordsMoments = false
    /// The messages and requests for help that a script has named.
    private(set) var names: [String: Int] = [:]
    private(set) var seq = 0
    private(set) var refusals: [String] = []
    private let engine: SessionEngine
    private var switchboard = Switchboard()
    private var reader = ServerMessageReader()
    private var read: [[UInt8]: Told] = [:]
    private var now: Milliseconds = 1_790_000_000_000
    private var roles: [String: Role] = [:]
    private var named: (client: Int, name: String)?

    init() throws(Broken) {
        var limits = EngineLimits()
        limits.connectionsPerSeat = 10_000
        engine = SessionEngine(table: SessionTable(), loops: 1, limits: limits)
        guard let session = SessionID(Array("evening".utf8)) else { throw Broken("no session id") }
        self.session = session
    }

    /// The first client of a person.
    func client(of person: String) -> Int? { clients.firstIndex { $0.person == person } }

    // MARK: - What a script does

    func wait(_ milliseconds: Milliseconds) throws(Broken) {
        let end = now + milliseconds
        while let next = engine.nextDeadline, next <= end {
            now = max(now, next)
            try process([])
        }
        now = end
    }

    /// A person's first client comes.
    func join(_ person: String, _ role: Role) throws(Broken) {
        roles[person] = role
        clients.append(Client(person: person))
        try connect(clients.count - 1)
    }

    /// The first client of a person asks; what it is named by the answer is kept under `name`.
    func ask(_ person: String, _ command: SessionCommand, name: String?) throws(Broken) {
        guard let index = client(of: person), let connection = clients[index].connection else {
            throw Broken("\(person) is not there")
        }
        if let name { named = (index, name) }
        try process([.command(connection, id: 9, command, ifSeq: nil)])
        named = nil
    }

    /// The line of a client is cut.
    func drop(_ index: Int) throws(Broken) {
        guard let connection = clients[index].connection else { return }
        clients[index].connection = nil
        switchboard.close(connection)
        try process([.closed(connection, .closed)])
    }

    /// A client comes back with what it remembers.
    func resume(_ index: Int) throws(Broken) {
        if clients[index].connection == nil { try connect(index) }
    }

    /// Other clients come back, with what they remember, and are gone again; as they then are.
    func resumed(_ others: [Client]) throws(Broken) -> [Client] {
        var back: [Client] = []
        // A few at a time: what is told to all who are there is read by each of them.
        for start in stride(from: 0, to: others.count, by: 32) {
            let first = clients.count
            clients += others[start..<min(start + 32, others.count)]
            var arriving: [Inbound] = []
            for index in first..<clients.count { arriving.append(try arrival(of: index)) }
            try process(arriving)
            back += clients[first...]
            var going: [Inbound] = []
            for index in first..<clients.count {
                guard let connection = clients[index].connection else { continue }
                switchboard.close(connection)
                going.append(.closed(connection, .closed))
            }
            try process(going)
            clients.removeSubrange(first...)
        }
        return back
    }

    private func connect(_ index: Int) throws(Broken) {
        try process([arrival(of: index)])
    }

    private func arrival(of index: Int) throws(Broken) -> Inbound {
        let client = clients[index]
        guard let person = PersonID(Array(client.person.utf8)), let role = roles[client.person] else {
            throw Broken("no person id")
        }
        let connection = switchboard.open(device: index, loop: 0)
        clients[index].connection = connection
        let admission = Admission(person: person, name: Text(client.person), school: .empty, role: role)
        let resume = client.epoch.map { Resume(epoch: $0, after: client.lastSeq) }
        return .join(connection, id: 1, session: session, admission, resume: resume)
    }

    // MARK: - The server's turn

    private func process(_ batch: [Inbound]) throws(Broken) {
        let commit = engine.process(batch, at: now, entropy: 7)
        for case .session(let entry) in commit.entries { seq = entry.seq }
        for delivery in commit.deliveries[0] {
            switch delivery {
            case .enter(let connection, let group): switchboard.enter(connection, group)
            case .reply(let connection, let frame, _): try hear(frame, on: [connection])
            case .push(let group, let frame): try hear(frame, on: switchboard.members(of: group, on: 0))
            case .close(let connection, _, _):
                if let index = switchboard.owner(of: connection) { clients[index].connection = nil }
                switchboard.close(connection)
            }
        }
    }

    private func hear(_ frame: [UInt8], on connections: [ConnectionID]) throws(Broken) {
        let told = try read(frame)
        for connection in connections {
            guard let index = switchboard.owner(of: connection) else { continue }
            switch told {
            case .reply(let reply): take(reply, index)
            case .push(let push):
                clients[index].lastSeq = push.seq
                try clients[index].picture?.take(push)
                if recordsMoments { moments.append(clients[index]) }
            case .notice(.you(_, _, let own)): clients[index].picture?.take(own)
            case .notice: break
            }
        }
    }

    /// What a frame says; those who come back hear the same again and again.
    private func read(_ frame: [UInt8]) throws(Broken) -> Told {
        if let known = read[frame] { return known }
        let header = frame[1] < 126 ? 2 : frame[1] == 126 ? 4 : 10
        let told = try Told(Array(frame[header...]), with: &reader)
        read[frame] = told
        return told
    }

    private func take(_ reply: Reply, _ index: Int) {
        if let code = reply.code { refusals.append("\(clients[index].person): \(code)") }
        if let named, named.client == index, let number = reply.message ?? reply.help {
            names[named.name] = number
        }
        guard let joined = reply.joined else { return }
        clients[index].wasResumed = joined.state == nil
        guard let state = joined.state, let seq = reply.seq else { return }
        clients[index].epoch = joined.epoch
        clients[index].lastSeq = seq
        clients[index].picture = state
    }
}
