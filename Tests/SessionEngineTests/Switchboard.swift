import Fanout
import SessionEngine
import SessionProtocol
import Sessions
import Testing
import WebSocket

/// An engine under test, with a clock that the test sets and connections that carry out its deliveries.
///
/// What a connection hears is kept in order, each message in a few words: `ok 2`, `refused 2 notHost`, `chat.sent`,
/// `closed 1000`.
final class Switchboard {
    private(set) var engine: SessionEngine
    private(set) var now: Milliseconds = 1_000_000
    /// Everything that was given to the journal.
    private(set) var entries: [Entry] = []
    private let loops: Int
    private let limits: EngineLimits
    private var heard: [ConnectionID: [Told]] = [:]
    private var groups: [ConnectionID: GroupID] = [:]
    private var slots: UInt32 = 0
    private var ids: [ConnectionID: Int64] = [:]
    private var entropy: UInt64 = 0
    private var reader = ServerMessageReader()

    init(loops: Int = 1, limits: EngineLimits = EngineLimits()) {
        self.loops = loops
        self.limits = limits
        engine = SessionEngine(table: SessionTable(), loops: loops, limits: limits)
    }

    // MARK: - What people do

    /// A connection that nobody has said anything on.
    func connect(loop: UInt16 = 0) -> ConnectionID {
        slots += 1
        return ConnectionID(loop: loop, slot: slots, generation: 0)
    }

    /// Somebody asks for a seat on a new connection.
    @discardableResult
    func join(
        _ name: String,
        _ role: Sessions.Role = .participant,
        to session: String = "evening",
        expired: Bool = false,
        rehearsal: Bool = false,
        resume: Resume? = nil,
        loop: UInt16 = 0
    ) throws -> ConnectionID {
        let connection = connect(loop: loop)
        let admission = Admission(
            person: try Self.person(name),
            name: Text(name),
            school: .empty,
            role: role,
            title: Text("Evening"),
            isRehearsal: rehearsal,
            isExpired: expired
        )
        let id = try #require(SessionID(Array(session.utf8)))
        take([.join(connection, id: nextID(of: connection), session: id, admission, resume: resume)])
        return connection
    }

    /// Somebody asks for something; what this connection then hears.
    @discardableResult
    func ask(_ connection: ConnectionID, _ command: SessionCommand, ifSeq: Int? = nil) -> [String] {
        _ = hear(connection)
        take([.command(connection, id: nextID(of: connection), command, ifSeq: ifSeq)])
        return hear(connection)
    }

    @discardableResult
    func say(
        _ connection: ConnectionID,
        _ text: String,
        in room: RoomID = .main,
        key: String? = nil
    )
        -> [String]
    {
        ask(connection, .sendChat(SendChat(to: .room(room), text: Text(text), key: key.map { Text($0) })))
    }

    /// Connections go, all in one batch.
    func drop(_ connections: ConnectionID..., cause: AwayCause = .closed) {
        take(connections.map { .closed($0, cause) })
        for connection in connections { groups[connection] = nil }
    }

    /// One batch with exactly these.
    @discardableResult
    func take(_ batch: [Inbound]) -> Commit {
        entropy += 1
        let commit = engine.process(batch, at: now, entropy: entropy)
        carryOut(commit)
        return commit
    }

    /// Time goes by; the engine is called whenever it wants to be.
    func wait(milliseconds: Milliseconds) {
        let end = now + milliseconds
        while let next = engine.nextDeadline, next <= end {
            now = max(now, next)
            take([])
        }
        now = end
    }

    func wait(seconds: Milliseconds) { wait(milliseconds: seconds * 1_000) }

    /// The server dies, and starts again so much later from what the journal holds.
    @discardableResult
    func restart(downFor seconds: Milliseconds, mayHaveForgotten: Bool = false) -> Commit {
        var table = SessionTable()
        for case .session(let entry) in entries { table.apply(entry) }
        return restart(with: table, downFor: seconds, mayHaveForgotten: mayHaveForgotten)
    }

    @discardableResult
    func restart(
        with table: SessionTable,
        downFor seconds: Milliseconds,
        mayHaveForgotten: Bool = false
    )
        -> Commit
    {
        let downFrom = now
        now += seconds * 1_000
        groups = [:]
        engine = SessionEngine(table: table, loops: loops, limits: limits)
        entropy += 1
        let commit = engine.recover(
            downFrom: downFrom,
            at: now,
            mayHaveForgotten: mayHaveForgotten,
            entropy: entropy
        )
        carryOut(commit)
        return commit
    }

    // MARK: - What is seen

    /// What the connection has heard since it was last asked, in a few words each.
    func hear(_ connection: ConnectionID) -> [String] {
        told(connection).map(\.words)
    }

    /// The same, in full.
    func told(_ connection: ConnectionID) -> [Told] {
        defer { heard[connection] = nil }
        return heard[connection] ?? []
    }

    /// All sessions as a checkpoint would hold them.
    func image() throws -> CheckpointImage {
        entropy += 1
        let commit = engine.process([], at: now, entropy: entropy, checkpoint: true)
        carryOut(commit)
        return try #require(commit.checkpoint)
    }

    func state(of session: String = "evening") throws -> SessionState {
        let id = try #require(SessionID(Array(session.utf8)))
        return try #require(try image().states.first { $0.id == id })
    }

    static func person(_ name: String) throws -> PersonID {
        try #require(PersonID(Array(name.utf8)))
    }

    private func nextID(of connection: ConnectionID) -> Int64 {
        ids[connection, default: 0] += 1
        return ids[connection, default: 0]
    }

    // MARK: - Carrying out

    private func carryOut(_ commit: Commit) {
        entries += commit.entries
        for (loop, deliveries) in commit.deliveries.enumerated() {
            for delivery in deliveries { carryOut(delivery, on: loop) }
        }
    }

    private func carryOut(_ delivery: Delivery, on loop: Int) {
        switch delivery {
        case .reply(let connection, let frame, _): hear(frame, on: connection)
        case .push(let group, let frame):
            for (connection, member) in groups where member == group && Int(connection.loop) == loop {
                hear(frame, on: connection)
            }
        case .enter(let connection, let group): groups[connection] = group
        case .close(let connection, let code, _):
            groups[connection] = nil
            heard[connection, default: []].append(Told(json: "", words: "closed \(code.rawValue)"))
        }
    }

    private func hear(_ frame: [UInt8], on connection: ConnectionID) {
        let header = frame[1] < 126 ? 2 : frame[1] == 126 ? 4 : 10
        let json = Array(frame[header...])
        do {
            heard[connection, default: []].append(Told(try reader.read(json), json: json))
        } catch {
            Issue.record("not a message: \(error)")
        }
    }
}

extension Inbound {
    /// A command that rests on no state in particular.
    static func command(_ connection: ConnectionID, id: Int64, _ command: SessionCommand) -> Inbound {
        .command(connection, id: id, command, ifSeq: nil)
    }
}

/// One thing that a connection was told.
struct Told {
    let json: String
    let words: String
    var seq: Int?

    init(json: String, words: String) {
        self.json = json
        self.words = words
    }

    init(_ message: ServerMessage, json: [UInt8]) {
        self.json = String(decoding: json, as: UTF8.self)
        seq = message.seq
        if let re = message.re {
            let code = message.errorCode.map { String(decoding: $0, as: UTF8.self) }
            words = code.map { "refused \(re) \($0)" } ?? "ok \(re)"
            if var ok = message.ok { seq = ok.take("seq")?.integer.map(Int.init) }
        } else {
            words = String(decoding: message.name ?? [], as: UTF8.self)
        }
    }
}
