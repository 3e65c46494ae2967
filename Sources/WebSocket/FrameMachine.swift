/// The receiving half of a connection: bytes in, in any split; whole messages and control frames out
/// (RFC 6455 sections 5 to 8, without extensions).
///
/// Theory of operation. A frame is read octet by octet up to its payload, `first → second → (length) → (key) →
/// payload → first`, and each rule is checked at the octet that can break it, so that every split of the same
/// bytes gives the same result. Payload is copied, unmasked and tested for high bits in one pass, as far as it has
/// come: what a header promises is compared with the limits and never allocated. Fragments of a message are
/// gathered in one buffer; control frames have a buffer of their own and may come between them (section 5.4).
/// After a close frame or a violation the machine is ended and ignores what it is fed (section 5.5.1).
package struct FrameMachine: Sendable {
    /// What the next octet is.
    private enum Stage {
        case first
        case second
        case length
        case key
        case payload
        case ended
    }

    /// May be changed at any time; counts from the next frame header on.
    package var limits: MessageLimits
    /// Data frames without payload that did not end their message, since the beginning: they cost us work and
    /// yield nothing, so whoever feeds the machine bounds their rate by how this count grows; it wraps around.
    package private(set) var emptyFrames: UInt32 = 0
    private let role: Role

    // The frame at hand; in an order and in types that leave no gaps, since every idle connection has a machine.
    private var stage = Stage.first
    private var opcode = Opcode.continuation
    private var isFinal = false
    /// Octets of the length or the key that are still to come.
    private var octetsMissing: UInt8 = 0
    private var key: UInt32 = 0
    /// The least value that the length form at hand may have.
    private var shortestAllowed: UInt32 = 0
    /// The payload's length as its header says; at most 2^63 - 1.
    private var payloadBytes: UInt64 = 0
    private var payloadRead = 0
    private var control: [UInt8] = []

    // The message at hand, from its first frame's header to its last frame's end.
    private var message: [UInt8] = []
    private var fragments: UInt32 = 0
    private var messageOpcode: Opcode?
    /// At a boundary whenever a message begins: the last one ended there, or the connection failed.
    private var validator = Utf8Validator()

    /// A machine for one connection; `role` is ours, not the peer's.
    package init(role: Role, limits: MessageLimits = MessageLimits()) {
        self.role = role
        self.limits = limits
    }

    /// Whether a frame or a message has begun and is not complete.
    package var isInMessage: Bool {
        switch stage {
        case .first: messageOpcode != nil
        case .ended: false
        default: true
        }
    }

    /// Whether a close frame or a violation has come; nothing comes out any more.
    package var hasEnded: Bool { stage == .ended }

    /// Reads the bytes and appends what they complete.
    ///
    /// - Throws: the rule that the peer broke. What came before it is in `incoming`.
    package mutating func receive(_ bytes: Span<UInt8>, into incoming: inout [Incoming]) throws(Violation) {
        var index = 0
        do {
            while index < bytes.count {
                switch stage {
                case .first: try readFirst(bytes[index])
                case .second: try readSecond(bytes[index], into: &incoming)
                case .length: try readLength(bytes[index], into: &incoming)
                case .key: try readKey(bytes[index], into: &incoming)
                case .payload:
                    let missing = payloadBytes - UInt64(payloadRead)
                    let here = Int(min(UInt64(bytes.count - index), missing))
                    try readPayload(bytes.extracting(index..<index + here), into: &incoming)
                    index += here
                    continue
                case .ended: return
                }
                index += 1
            }
        } catch {
            end()
            throw error
        }
    }
}

// The header, octet by octet (section 5.2).
extension FrameMachine {
    /// FIN, the reserved bits, the opcode.
    private mutating func readFirst(_ octet: UInt8) throws(Violation) {
        // Section 5.2: reserved bits MUST be 0 unless an extension was negotiated; we negotiate none.
        guard octet & 0x70 == 0 else { throw Violation(.protocolError, "reserved bit set") }
        guard let opcode = Opcode(rawValue: octet & 0x0F) else {
            throw Violation(.protocolError, "reserved opcode")
        }
        isFinal = octet & 0x80 != 0
        self.opcode = opcode
        switch opcode {
        case .close, .ping, .pong:
            // Section 5.5: control frames MUST NOT be fragmented.
            guard isFinal else { throw Violation(.protocolError, "fragmented control frame") }
        case .text, .binary:
            // Section 5.4: the fragments of one message MUST NOT be interleaved with those of another.
            guard messageOpcode == nil else {
                throw Violation(.protocolError, "new message inside a fragmented one")
            }
            messageOpcode = opcode
            fragments = 0
        case .continuation:
            guard messageOpcode != nil else {
                throw Violation(.protocolError, "continuation without a message")
            }
        }
        stage = .second
    }

    /// The mask bit and the length or its form.
    private mutating func readSecond(_ octet: UInt8, into incoming: inout [Incoming]) throws(Violation) {
        // Section 5.1: a client MUST mask all frames, a server MUST NOT mask any.
        guard (octet & 0x80 != 0) == (role == .server) else {
            throw Violation(.protocolError, role == .server ? "frame is not masked" : "frame is masked")
        }
        key = 0
        payloadRead = 0
        payloadBytes = 0
        let length = octet & 0x7F
        // Section 5.5: control frames MUST have a payload of 125 bytes or less.
        guard length <= 125 || !opcode.isControl else {
            throw Violation(.protocolError, "control frame over 125 bytes")
        }
        switch length {
        case 126: (stage, octetsMissing, shortestAllowed) = (.length, 2, 126)
        case 127: (stage, octetsMissing, shortestAllowed) = (.length, 8, 0x1_0000)
        default:
            payloadBytes = UInt64(length)
            try lengthIsKnown(into: &incoming)
        }
    }

    /// One octet of an extended length, most significant first.
    private mutating func readLength(_ octet: UInt8, into incoming: inout [Incoming]) throws(Violation) {
        // Section 5.2: the most significant bit of a 64-bit length MUST be 0.
        guard octetsMissing < 8 || octet & 0x80 == 0 else {
            throw Violation(.protocolError, "top bit of the length set")
        }
        payloadBytes = payloadBytes << 8 | UInt64(octet)
        octetsMissing -= 1
        guard octetsMissing == 0 else { return }
        // Section 5.2: the minimal number of bytes MUST be used to encode the length.
        guard payloadBytes >= UInt64(shortestAllowed) else {
            throw Violation(.protocolError, "length not in its shortest form")
        }
        try lengthIsKnown(into: &incoming)
    }

    /// The whole length has been read.
    private mutating func lengthIsKnown(into incoming: inout [Incoming]) throws(Violation) {
        if !opcode.isControl {
            // Section 10.4: refused by what is promised; waiting for the bytes would be working for the attacker.
            guard payloadBytes <= UInt64(max(0, limits.maxMessageBytes - message.count)) else {
                throw Violation(.messageTooBig, "message too big")
            }
            // Whoever sends full fragments and then an empty one to end the message is not punished for that one.
            if payloadBytes > 0 || !isFinal { fragments += 1 }
            guard Int(fragments) <= limits.maxFragments else {
                throw Violation(.policyViolation, "too many fragments")
            }
            if payloadBytes == 0, !isFinal { emptyFrames &+= 1 }
        }
        if role == .server {
            (stage, octetsMissing) = (.key, 4)
        } else {
            try headerIsRead(into: &incoming)
        }
    }

    /// One octet of the masking key (section 5.3).
    private mutating func readKey(_ octet: UInt8, into incoming: inout [Incoming]) throws(Violation) {
        key = key << 8 | UInt32(octet)
        octetsMissing -= 1
        if octetsMissing == 0 { try headerIsRead(into: &incoming) }
    }

    private mutating func headerIsRead(into incoming: inout [Incoming]) throws(Violation) {
        stage = .payload
        if payloadBytes == 0 { try frameIsRead(into: &incoming) }
    }
}

// The payload, and what a whole frame means.
extension FrameMachine {
    /// As much of the frame's payload as has come, and no more than that.
    private mutating func readPayload(
        _ bytes: Span<UInt8>,
        into incoming: inout [Incoming]
    ) throws(Violation) {
        if opcode.isControl {
            _ = Masking.append(bytes, key: key, offset: payloadRead, to: &control)
        } else {
            let start = message.count
            let hasHighBit = Masking.append(bytes, key: key, offset: payloadRead, to: &message)
            // ASCII at a character boundary is valid as it stands. Section 8.1: else the text must be UTF-8, and
            // the first byte that cannot be is refused without waiting for the rest.
            if messageOpcode == .text, hasHighBit || !validator.isAtBoundary {
                var validator = validator
                guard validator.accepts(message.span.extracting(start...)) else {
                    throw Violation(.invalidPayload, "text is not UTF-8")
                }
                self.validator = validator
            }
        }
        payloadRead += bytes.count
        if UInt64(payloadRead) == payloadBytes { try frameIsRead(into: &incoming) }
    }

    private mutating func frameIsRead(into incoming: inout [Incoming]) throws(Violation) {
        stage = .first
        switch opcode {
        case .ping: incoming.append(.ping(takeControl()))
        case .pong: incoming.append(.pong(takeControl()))
        case .close: try closeIsRead(takeControl(), into: &incoming)
        case .continuation, .text, .binary:
            if isFinal { try messageIsRead(into: &incoming) }
        }
    }

    private mutating func messageIsRead(into incoming: inout [Incoming]) throws(Violation) {
        let isText = messageOpcode == .text
        guard !isText || validator.isAtBoundary else {
            throw Violation(.invalidPayload, "text ends within a character")
        }
        incoming.append(isText ? .text(message) : .binary(message))
        messageOpcode = nil
        message = []
    }

    /// Section 5.5.1: nothing, or a code of two bytes and a reason in UTF-8.
    private mutating func closeIsRead(_ payload: [UInt8], into incoming: inout [Incoming]) throws(Violation) {
        if payload.isEmpty {
            incoming.append(.close(nil, reason: []))
        } else {
            guard payload.count >= 2 else { throw Violation(.protocolError, "close frame of one byte") }
            let code = CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
            guard code.isAllowedOnWire else { throw Violation(.protocolError, "close code not allowed") }
            var validator = Utf8Validator()
            guard validator.accepts(payload.span.extracting(2...)), validator.isAtBoundary else {
                throw Violation(.invalidPayload, "close reason is not UTF-8")
            }
            incoming.append(.close(code, reason: Array(payload[2...])))
        }
        end()
    }

    private mutating func takeControl() -> [UInt8] {
        let payload = control
        control = []
        return payload
    }

    /// Gives the buffers back; what comes from here on is not looked at.
    private mutating func end() {
        stage = .ended
        messageOpcode = nil
        message = []
        control = []
    }
}
