import Testing
import WebSocket

/// One endpoint writes, the other reads: random messages, random fragments, random pieces, both ways.
@Suite struct RoundTripTests {
    @Test(arguments: [Role.client, .server], UInt64(0)..<12)
    func `What one role writes the other reads`(_ writer: Role, _ seed: UInt64) {
        var random = SeededRandom(seed)
        var script = Script(role: writer)
        for _ in 0..<12 { script.addMessage(&random) }
        script.addClose(&random)
        let limits = MessageLimits(maxMessageBytes: 1 << 20, maxFragments: 1_000)
        let cuts = pieces(of: script.bytes, &random)
        let outcome = outcome(of: cuts, as: writer.peer, limits: limits)
        #expect(outcome.violation == nil)
        #expect(outcome.incoming == script.expected)
    }
}

/// What is written, and what must come out at the other end.
private struct Script {
    var role: Role
    var bytes: [UInt8] = []
    var expected: [Incoming] = []

    mutating func addMessage(_ random: inout SeededRandom) {
        let isText = Bool.random(using: &random)
        let length = [0, 1, 7, 125, 126, 300, 2_000].randomElement(using: &random) ?? 0
        let payload = isText ? text(length, &random) : random.bytes(length)
        var start = 0
        var opcode = isText ? Opcode.text : .binary
        while true {
            let end = Int.random(in: start...payload.count, using: &random)
            let isFinal = end == payload.count && Bool.random(using: &random)
            add(opcode, Array(payload[start..<end]), fin: isFinal, &random)
            if isFinal { break }
            if Int.random(in: 0..<4, using: &random) == 0 { addControl(&random) }
            (start, opcode) = (end, .continuation)
        }
        expected.append(isText ? .text(payload) : .binary(payload))
    }

    mutating func addClose(_ random: inout SeededRandom) {
        let reason = text(20, &random)
        bytes += FrameWriter.close(.goingAway, reason: reason, mask: mask(&random))
        expected.append(.close(.goingAway, reason: reason))
    }

    private mutating func addControl(_ random: inout SeededRandom) {
        let payload = random.bytes(Int.random(in: 0...125, using: &random))
        let isPing = Bool.random(using: &random)
        add(isPing ? .ping : .pong, payload, fin: true, &random)
        expected.append(isPing ? .ping(payload) : .pong(payload))
    }

    private mutating func add(
        _ opcode: Opcode,
        _ payload: [UInt8],
        fin: Bool,
        _ random: inout SeededRandom
    ) {
        FrameWriter.append(opcode, payload, fin: fin, mask: mask(&random), to: &bytes)
    }

    private func mask(_ random: inout SeededRandom) -> UInt32? {
        role == .client ? UInt32(truncatingIfNeeded: random.next()) : nil
    }

    private func text(_ length: Int, _ random: inout SeededRandom) -> [UInt8] {
        let scalars = Array("aZ0 \u{7F}é߿ࠀ語\u{FFFD}👩🏫\u{10FFFF}".unicodeScalars)
        var text = ""
        while text.utf8.count < length {
            text.unicodeScalars.append(scalars.randomElement(using: &random) ?? "a")
        }
        return Array(text.utf8)
    }
}
