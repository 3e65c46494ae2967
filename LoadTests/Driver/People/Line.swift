import SessionProtocol
import Sessions
import WebSocket

/// One device's connection as a state machine: bytes in, what they mean out; over many lives, one a connection.
///
///     off ──connect──▶ opening ──opened──▶ shaking ──101──▶ joining ──reply──▶ here
///      ▲                  │                   │                │               │
///      └──────────────────┴────── lost, closed, given up ──────┴───────────────┘
final class Line {
    enum Stage {
        case off
        case opening
        case shaking
        case joining
        case here
        /// For good.
        case gone
    }

    unowned let person: Person
    let device: Int
    var stage = Stage.off
    /// The socket, while there is one.
    var socket: Int?
    /// Counts connections; what was noted for an earlier one is void.
    var life = 0
    /// When the device was to be in the session; joins count from here.
    var due: Int64 = 0
    /// Attempts since the device was last in the session.
    var attempts = 0
    /// What the device has heard since its last whole state.
    var hearing: Hearing?
    var epoch: Epoch?
    /// Pushes up to this number repeat what happened while the device was away: nobody was waiting for them.
    var catchesUpTo = 0
    /// When it last heard anything, and when it last said something that got through.
    var heardAt: Int64 = 0
    var spokeAt: Int64 = 0
    /// The server's time of the last push that it heard; milliseconds since 1970.
    var toldAt: Int64 = 0
    /// The stay that it is part of.
    var stay: Int?
    /// Commands that are not answered yet.
    var asked: [Int64: Asked] = [:]

    private var nextID: Int64 = 1
    private var shake: ClientHandshake?
    private var machine: FrameMachine
    private var incoming: [Incoming] = []
    private var masks: UInt32
    private var keys: Draws

    /// What was asked, and when it was due.
    struct Asked {
        var what: What
        var due: Int64

        enum What {
            case join
            case chat(Int)
            case report
            case other(String)
        }
    }

    init(of person: Person, device: Int, seed: UInt64) {
        self.person = person
        self.device = device
        keys = Draws(seed, .network, person.number * 2 + device + 1 << 40)
        masks = UInt32(truncatingIfNeeded: keys.next()) | 1
        machine = Self.newMachine()
    }

    private static func newMachine() -> FrameMachine {
        FrameMachine(
            role: .client,
            limits: MessageLimits(maxMessageBytes: JSONLimits.maxBytesFromServer, maxFragments: 1_024)
        )
    }

    /// Begins a life: a connection is on its way.
    func begin(on socket: Int) {
        self.socket = socket
        stage = .opening
        nextID = 1
        asked.removeAll(keepingCapacity: true)
        machine = Self.newMachine()
    }

    /// The connection is there: the request to send.
    func greet(host: String) -> [UInt8] {
        stage = .shaking
        let (one, other) = (keys.next(), keys.next())
        let key = (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? one : other) >> UInt64($0 % 8 * 8)) }
        let shake = ClientHandshake(
            host: host,
            target: "/v1/sessions/\(person.gathering.session)",
            key: key,
            subprotocols: ["plenary.v1"]
        )
        self.shake = shake
        return shake.request
    }

    /// What bytes came to.
    enum Came {
        /// The handshake is done; the join is to be sent.
        case opened
        case refused(String)
        case message([UInt8])
        case ping([UInt8])
        case closed(Int?, reason: String)
        case broken(String)
    }

    func receive(_ bytes: [UInt8], _ handle: (Came) -> Void) {
        var rest = bytes
        if stage == .shaking, var shake {
            let progress = shake.feed(bytes.span)
            self.shake = shake
            switch progress {
            case .needsMore: return
            case .refused(let refusal):
                handle(.refused(Self.words(refusal)))
                return
            case .accepted(_, _, let consumed):
                stage = .joining
                rest.removeFirst(consumed)
                handle(.opened)
            }
        }
        guard !rest.isEmpty else { return }
        incoming.removeAll(keepingCapacity: true)
        var problem: String?
        do throws(Violation) {
            try machine.receive(rest.span, into: &incoming)
        } catch {
            problem = "\(error.reason)"
        }
        for message in incoming {
            switch message {
            case .text(let bytes): handle(.message(bytes))
            case .binary: handle(.broken("a binary message"))
            case .ping(let payload): handle(.ping(payload))
            case .pong: break
            case .close(let code, let reason):
                handle(
                    .closed(code.map { Int($0.rawValue) }, reason: String(decoding: reason, as: UTF8.self))
                )
            }
        }
        if let problem { handle(.broken("a frame that RFC 6455 forbids: \(problem)")) }
    }

    private static func words(_ refusal: ClientHandshake.Refusal) -> String {
        switch refusal {
        case .status(let head): "status \(head.status)"
        case .malformed: "no HTTP"
        case .mismatch(let what): what
        }
    }
}

// MARK: - What is sent

extension Line {
    /// The join; with `resume` when the device has been here before.
    func join(due: Int64) -> [UInt8] {
        var resume: Resume?
        if let epoch, let hearing { resume = Resume(epoch: epoch, after: hearing.high) }
        let id = take(.join, due)
        return frame(CommandWriter.join(id: id, JoinCommand(ticket: person.ticket, resume: resume)))
    }

    func command(_ command: SessionCommand, _ what: Asked.What, due: Int64) -> [UInt8] {
        frame(CommandWriter.command(id: take(what, due), command))
    }

    /// What was asked and not answered is waited for from `moment` on.
    func waitAnew(from moment: Int64) {
        for (id, one) in asked where one.due < moment { asked[id]?.due = moment }
    }

    func pong(_ payload: [UInt8]) -> [UInt8] { FrameWriter.pong(payload, mask: nextMask()) }

    /// The device says goodbye (RFC 6455 section 7.1.2).
    func goodbye() -> [UInt8] { FrameWriter.close(CloseCode(rawValue: 1_000), mask: nextMask()) }

    private func take(_ what: Asked.What, _ due: Int64) -> Int64 {
        defer { nextID += 1 }
        asked[nextID] = Asked(what: what, due: due)
        return nextID
    }

    private func frame(_ json: [UInt8]) -> [UInt8] { FrameWriter.text(json, mask: nextMask()) }

    /// Masks need only be unforeseeable to pages in browsers (RFC 6455 section 10.3), which a load driver is not.
    private func nextMask() -> UInt32 {
        masks = masks &* 1_664_525 &+ 1_013_904_223
        return masks
    }
}
