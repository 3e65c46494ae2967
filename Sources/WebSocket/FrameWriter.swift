/// Spells frames (RFC 6455 section 5.2), always with the shortest length form.
///
/// A server passes no mask; a client must pass a fresh, unpredictable one for each frame (sections 5.1, 5.3).
package enum FrameWriter {
    /// Control payloads and the length forms (sections 5.2, 5.5).
    package static let maxControlPayload = 125
    /// Two bytes, eight of length, four of key.
    package static let maxHeaderBytes = 14

    /// Appends one frame.
    ///
    /// A control frame is never fragmented and never longer than 125 bytes (section 5.5): `fin` is ignored for it
    /// and what is longer is cut.
    package static func append(
        _ opcode: Opcode,
        _ payload: Span<UInt8>,
        fin: Bool = true,
        mask: UInt32? = nil,
        to output: inout [UInt8]
    ) {
        let count = opcode.isControl ? min(payload.count, maxControlPayload) : payload.count
        appendHeader(opcode, payloadBytes: count, fin: fin, mask: mask, to: &output)
        _ = Masking.append(payload.extracting(first: count), key: mask ?? 0, to: &output)
    }

    /// Appends one frame; see above.
    package static func append(
        _ opcode: Opcode,
        _ payload: [UInt8],
        fin: Bool = true,
        mask: UInt32? = nil,
        to output: inout [UInt8]
    ) {
        append(opcode, payload.span, fin: fin, mask: mask, to: &output)
    }

    /// Appends the header alone; the caller writes (and masks) the payload behind it.
    package static func appendHeader(
        _ opcode: Opcode,
        payloadBytes: Int,
        fin: Bool = true,
        mask: UInt32? = nil,
        to output: inout [UInt8]
    ) {
        output.append((fin || opcode.isControl ? 0x80 : 0) | opcode.rawValue)
        let masked: UInt8 = mask == nil ? 0 : 0x80
        switch payloadBytes {
        case ...125:
            output.append(masked | UInt8(truncatingIfNeeded: payloadBytes))
        case ...0xFFFF:
            output.append(masked | 126)
            appendBigEndian(UInt64(payloadBytes), bytes: 2, to: &output)
        default:
            output.append(masked | 127)
            appendBigEndian(UInt64(payloadBytes), bytes: 8, to: &output)
        }
        if let mask { appendBigEndian(UInt64(mask), bytes: 4, to: &output) }
    }

    /// One whole text message as one frame.
    ///
    /// The payload must be UTF-8 (section 5.6).
    package static func text(_ payload: [UInt8], mask: UInt32? = nil) -> [UInt8] {
        frame(.text, payload, mask: mask)
    }

    /// So many bytes a payload leaves free before it for `text(inPlace:)`: the header of most texts.
    package static let headroom = 4

    /// One whole text message as one frame, made of its payload and the `headroom` bytes before that.
    ///
    /// The payload of a usual message stays where it is.
    package static func text(inPlace bytes: consuming [UInt8]) -> [UInt8] {
        var frame = consume bytes
        let count = frame.count - headroom
        switch count {
        case ...125:
            frame.removeFirst(2)
            frame[0] = 0x80 | Opcode.text.rawValue
            frame[1] = UInt8(truncatingIfNeeded: count)
            return frame
        case ...0xFFFF:
            frame[0] = 0x80 | Opcode.text.rawValue
            frame[1] = 126
            frame[2] = UInt8(truncatingIfNeeded: count >> 8)
            frame[3] = UInt8(truncatingIfNeeded: count)
            return frame
        default: return text(Array(frame[headroom...]))
        }
    }

    /// One whole binary message as one frame.
    package static func binary(_ payload: [UInt8], mask: UInt32? = nil) -> [UInt8] {
        frame(.binary, payload, mask: mask)
    }

    /// A ping (section 5.5.2); at most 125 bytes.
    package static func ping(_ payload: [UInt8] = [], mask: UInt32? = nil) -> [UInt8] {
        frame(.ping, payload, mask: mask)
    }

    /// The answer to a ping, with its payload (section 5.5.3).
    package static func pong(_ payload: [UInt8], mask: UInt32? = nil) -> [UInt8] {
        frame(.pong, payload, mask: mask)
    }

    /// A close frame (section 5.5.1).
    ///
    /// No code, or one that must not be on the wire (section 7.4.1), gives an empty one. A reason of more than 123
    /// bytes is cut between characters.
    package static func close(_ code: CloseCode?, reason: [UInt8] = [], mask: UInt32? = nil) -> [UInt8] {
        guard let code, code.isAllowedOnWire else { return frame(.close, [], mask: mask) }
        var payload = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
        var end = min(reason.count, maxControlPayload - 2)
        // Section 5.5.1: the reason is UTF-8. The first byte left out must not continue a character.
        while end > 0, end < reason.count, reason[end] & 0xC0 == 0x80 { end -= 1 }
        payload.append(contentsOf: reason[..<end])
        return frame(.close, payload, mask: mask)
    }

    private static func frame(_ opcode: Opcode, _ payload: [UInt8], mask: UInt32?) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(payload.count + maxHeaderBytes)
        append(opcode, payload, mask: mask, to: &output)
        return output
    }

    private static func appendBigEndian(_ value: UInt64, bytes: Int, to output: inout [UInt8]) {
        for place in stride(from: 8 * (bytes - 1), through: 0, by: -8) {
            output.append(UInt8(truncatingIfNeeded: value >> UInt64(place)))
        }
    }
}
