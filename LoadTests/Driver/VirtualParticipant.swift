import SessionProtocol
import Sessions
import WebSocket

/// One participant as a state machine: bytes and time in, bytes and judgements out.
///
///     handshake ──101──▶ joining ──reply──▶ talking ──close──▶ over
///
/// It judges what it is told: numbers rise, each of its own messages comes back once and whole, nothing is refused.
struct VirtualParticipant {
    enum Stage {
        case handshake
        case joining
        case talking
        case over
    }

    private(set) var stage = Stage.handshake
    private(set) var violations: [String] = []
    /// Pushes heard, and milliseconds from the intended sending of each own message to hearing it.
    private(set) var pushes = 0
    private(set) var latencies: [Int] = []
    private(set) var sent = 0
    /// Own messages that were acknowledged or not, and not heard yet.
    var outstanding: Int { waiting.count }

    private let ticket: [UInt8]
    private let textBytes: Int
    private var shake: ClientHandshake
    private var machine = FrameMachine(
        role: .client,
        limits: MessageLimits(maxMessageBytes: JSONLimits.maxBytesFromServer, maxFragments: 1_024)
    )
    private var reader = ServerMessageReader()
    private var incoming: [Incoming] = []
    private var nextID: Int64 = 1
    private var seq = 0
    /// The command with which it started the session; somebody else may have been faster.
    private var startID: Int64?
    /// Where the session was at the join; in keys, so that the next run's messages are not taken for repeats.
    private var joinedAt = 0
    /// Own messages by their text, with the time at which they should have been sent.
    private var waiting: [[UInt8]: Int64] = [:]
    private var masks: UInt32

    /// A participant with a link; `seed` gives its masks and its handshake key.
    init(_ link: JoinLink, textBytes: Int, seed: UInt64) {
        ticket = Array(link.ticket.utf8)
        self.textBytes = textBytes
        masks = UInt32(truncatingIfNeeded: seed &* 0x9E37_79B9 | 1)
        let key = (0..<16).map {
            UInt8(truncatingIfNeeded: (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15 >> ($0 % 8 * 8))
        }
        shake = ClientHandshake(
            host: link.host,
            target: "/v1/sessions/\(link.session)",
            key: key,
            subprotocols: ["plenary.v1"]
        )
    }

    /// The first bytes to send.
    var greeting: [UInt8] { shake.request }

    /// Takes what came and answers what is to be sent.
    mutating func receive(_ bytes: [UInt8], at now: Int64) -> [UInt8] {
        var rest = bytes[...]
        var out: [UInt8] = []
        if stage == .handshake {
            switch shake.feed(bytes.span) {
            case .needsMore: return []
            case .refused(let refusal):
                fail("the handshake was refused: \(refusal)")
                return []
            case .accepted(_, _, let consumed):
                stage = .joining
                rest = bytes[consumed...]
                out = command(CommandWriter.join(id: takeID(), JoinCommand(ticket: ticket)))
            }
        }
        incoming.removeAll(keepingCapacity: true)
        do throws(Violation) {
            try machine.receive(Array(rest).span, into: &incoming)
        } catch {
            fail("a frame that RFC 6455 forbids: \(error.reason)")
        }
        for message in incoming { out += take(message, at: now) }
        return out
    }

    /// A message that should be sent at `intended`.
    mutating func talk(at intended: Int64) -> [UInt8] {
        guard stage == .talking else { return [] }
        sent += 1
        var text = Array("\(ticket.suffix(8).map { String($0) }.joined())-\(sent) ".utf8)
        while text.count < textBytes { text.append(UInt8(ascii: "a") + UInt8(text.count % 26)) }
        waiting[text] = intended
        let id = takeID()
        return command(
            CommandWriter.command(
                id: id,
                .sendChat(SendChat(to: .room(.main), text: Text(utf8: text), key: Text("l\(joinedAt)-\(id)")))
            )
        )
    }

    /// The connection is over.
    mutating func closed() {
        switch stage {
        case .handshake: fail("no server there, or one that closed the connection during the handshake")
        case .joining: fail("the connection was closed before the join was answered")
        case .talking: fail("the connection was closed")
        case .over: break
        }
    }

    /// From here on a close is no violation.
    mutating func finish() {
        for text in waiting.keys.prefix(1) {
            violations.append(
                "own message never came back: \(String(decoding: text.prefix(24), as: UTF8.self))…"
            )
        }
        stage = .over
    }

    private mutating func take(_ message: Incoming, at now: Int64) -> [UInt8] {
        switch message {
        case .text(let bytes): return take(bytes, at: now)
        case .ping(let payload): return FrameWriter.pong(payload, mask: nextMask())
        case .pong: return []
        case .binary: fail("a binary message")
        case .close(let code, let reason):
            fail(
                "closed with \(code.map { "\($0.rawValue)" } ?? "no code") \(String(decoding: reason, as: UTF8.self))"
            )
        }
        return []
    }

    private mutating func take(_ bytes: [UInt8], at now: Int64) -> [UInt8] {
        guard let message = try? reader.read(bytes) else {
            fail("a message that is not JSON")
            return []
        }
        if let code = message.errorCode {
            if let startID, message.re == startID, code == Array("alreadyLive".utf8) { return [] }
            fail("refused: \(String(decoding: code, as: UTF8.self))")
            return []
        }
        if stage == .joining, let ok = message.ok {
            seq = Int(ok["seq"]?.integer ?? 0)
            joinedAt = seq
            stage = .talking
            let isLobby = ok["state"]?.object?["session"]?.object?["phase"]?.isText("lobby") ?? false
            let mayLead = ok["you"]?.object?["eligible"]?.bool ?? false
            guard isLobby && mayLead else { return [] }
            let id = takeID()
            startID = id
            return command(CommandWriter.command(id: id, .start))
        }
        if message.isPush { judge(message, at: now) }
        return []
    }

    private mutating func judge(_ push: ServerMessage, at now: Int64) {
        pushes += 1
        let next = push.seq ?? 0
        if next <= seq { violations.append("push \(next) after \(seq)") }
        seq = next
        guard push.isOn("chat.sent"), let text = push.body["text"]?.text else { return }
        if let intended = waiting.removeValue(forKey: text) {
            latencies.append(Int(now - intended))
        } else if text.starts(with: Array("\(ticket.suffix(8).map { String($0) }.joined())-".utf8)) {
            violations.append("own message came twice")
        }
    }

    private mutating func fail(_ what: String) {
        violations.append(what)
        stage = .over
    }

    private mutating func takeID() -> Int64 {
        defer { nextID += 1 }
        return nextID
    }

    private mutating func command(_ json: [UInt8]) -> [UInt8] {
        FrameWriter.text(json, mask: nextMask())
    }

    /// Masks need only be unforeseeable to pages in browsers (RFC 6455 section 10.3), which a load driver is not.
    private mutating func nextMask() -> UInt32 {
        masks = masks &* 1_664_525 &+ 1_013_904_223
        return masks
    }
}
