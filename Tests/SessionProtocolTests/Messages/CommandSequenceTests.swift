import SessionProtocol
import Sessions
import Testing

private let join = #""do":"session.join","ticket":"t""#
private let sync = #""do":"time.sync""#

/// One connection's end at the server.
private struct Door {
    private var decoder = MessageDecoder(limits: ProtocolLimits())
    private(set) var sequence = CommandSequence()

    /// What becomes of a message: `ok` or the name of the fault.
    mutating func receive(_ text: String) -> String {
        do {
            _ = try decoder.decode(Array("{\(text)}".utf8), in: &sequence)
            return "ok"
        } catch {
            switch error {
            case .malformed(let id, _): return "malformed \(id.map(String.init) ?? "-")"
            case .outOfTurn(let id, _): return "out of turn \(id)"
            case .refused(let id, let refusal): return "\(refusal.code.rawValue) \(id)"
            }
        }
    }
}

struct CommandSequenceTests {
    @Test func `ids rise and may leave numbers out`() {
        var door = Door()
        #expect(door.receive("\"id\":3,\(join)") == "ok")
        #expect(door.receive("\"id\":9,\(sync)") == "ok")
        #expect(door.receive("\"id\":9,\(sync)") == "malformed 9")
        #expect(door.receive("\"id\":8,\(sync)") == "malformed 8")
        #expect(door.receive("\"id\":10,\(sync)") == "ok")
    }

    @Test func `an id is used up by a command that was refused or had no name`() {
        var door = Door()
        #expect(door.receive("\"id\":1,\(join)") == "ok")
        #expect(door.receive(#""id":2,"do":"chat.whisper""#) == "unknownCommand 2")
        #expect(door.receive("\"id\":2,\(sync)") == "malformed 2")
        #expect(door.receive(#""id":3"#) == "malformed 3")
        #expect(door.receive("\"id\":3,\(sync)") == "malformed 3")
    }

    @Test(arguments: [sync, #""do":"chat.whisper""#, #""do":"chat.send","nonsense":1"#])
    func `anything before the join is out of turn, known or not`(command: String) {
        var door = Door()
        #expect(door.receive("\"id\":1,\(command)") == "out of turn 1")
    }

    @Test func `a second join is out of turn`() {
        var door = Door()
        #expect(door.receive("\"id\":1,\(join)") == "ok")
        #expect(door.receive("\"id\":2,\(join)") == "out of turn 2")
        #expect(door.receive(#""id":3,"do":"session.join","ticket":7"#) == "out of turn 3")
    }

    @Test func `a join that was refused for its fields may be tried again`() {
        var door = Door()
        #expect(door.receive(#""id":1,"do":"session.join""#) == "badValue 1")
        #expect(!door.sequence.hasJoin)
        #expect(door.receive("\"id\":2,\(join)") == "ok")
        #expect(door.sequence.hasJoin)
    }

    @Test func `the third malformed message is the last, however many good ones stand between`() {
        var door = Door()
        let limits = ProtocolLimits()
        _ = door.receive("\"id\":1,\(join)")
        _ = door.receive("nonsense")
        _ = door.receive("\"id\":2,\(sync)")
        _ = door.receive("\"id\":2,\(sync)")
        for id in 3..<50 { #expect(door.receive("\"id\":\(id),\"do\":\"chat.whisper\"") != "ok") }
        #expect(!door.sequence.isExhausted(limits))
        _ = door.receive("nonsense")
        #expect(door.sequence.isExhausted(limits))
    }
}
