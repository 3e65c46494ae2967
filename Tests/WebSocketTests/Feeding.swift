import Testing
import WebSocket

/// Everything that a machine made of some bytes.
struct Outcome: Equatable {
    var incoming: [Incoming] = []
    var violation: Violation?
    var emptyFrames: UInt32 = 0
    var isInMessage = false

    /// The code that the connection fails with.
    var code: CloseCode? { violation?.code }
}

/// Feeds the bytes whole, one by one and in random pieces, expects the same of each, and says what it was.
func outcome(
    of bytes: [UInt8],
    as role: Role = .server,
    limits: MessageLimits = MessageLimits(),
    at location: SourceLocation = #_sourceLocation
) -> Outcome {
    let whole = outcome(of: [bytes], as: role, limits: limits)
    let single = outcome(of: bytes.map { [$0] }, as: role, limits: limits)
    #expect(single == whole, "fed byte by byte", sourceLocation: location)
    var random = SeededRandom(UInt64(bytes.count))
    for _ in 0..<3 {
        let split = outcome(of: pieces(of: bytes, &random), as: role, limits: limits)
        #expect(split == whole, "fed in pieces", sourceLocation: location)
    }
    return whole
}

/// Feeds just these pieces, in order, also after a violation.
func outcome(of pieces: [[UInt8]], as role: Role, limits: MessageLimits = MessageLimits()) -> Outcome {
    var machine = FrameMachine(role: role, limits: limits)
    var outcome = Outcome()
    for piece in pieces {
        do throws(Violation) {
            try machine.receive(piece.span, into: &outcome.incoming)
        } catch {
            #expect(outcome.violation == nil, "a second violation")
            outcome.violation = error
        }
    }
    outcome.emptyFrames = machine.emptyFrames
    outcome.isInMessage = machine.isInMessage
    return outcome
}

/// The bytes in pieces of random sizes, some of them empty.
func pieces(of bytes: [UInt8], _ random: inout SeededRandom) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
        let end = min(bytes.count, start + Int.random(in: 0...max(2, bytes.count / 3), using: &random))
        pieces.append(Array(bytes[start..<end]))
        start = end
    }
    return pieces
}

/// How many of the bytes a machine had read when it refused; nil when it did not.
func bytesUntilViolation(_ bytes: [UInt8], as role: Role = .server) -> Int? {
    var machine = FrameMachine(role: role)
    var incoming: [Incoming] = []
    for (index, byte) in bytes.enumerated() {
        do throws(Violation) {
            try machine.receive([byte].span, into: &incoming)
        } catch {
            return index + 1
        }
    }
    return nil
}

/// The key of RFC 6455 section 5.7.
let exampleMask: UInt32 = 0x37FA_213D

/// One frame as a client sends it.
func masked(_ opcode: Opcode, _ payload: [UInt8], fin: Bool = true) -> [UInt8] {
    var bytes: [UInt8] = []
    FrameWriter.append(opcode, payload, fin: fin, mask: exampleMask, to: &bytes)
    return bytes
}

/// One frame as a client sends it.
func masked(_ opcode: Opcode, _ payload: String, fin: Bool = true) -> [UInt8] {
    masked(opcode, Array(payload.utf8), fin: fin)
}

/// Bytes from hexadecimal digits; blanks between them do not count.
func hex(_ digits: String) -> [UInt8] {
    let values = digits.compactMap(\.hexDigitValue)
    return stride(from: 0, to: values.count - 1, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
}

extension Incoming {
    /// A text message by its characters.
    static func text(_ text: String) -> Incoming { .text(Array(text.utf8)) }
}
