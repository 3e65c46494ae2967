import Testing
import WebSocket

/// The validator against Swift's own decoder (RFC 6455 section 8.1, RFC 3629).
@Suite struct Utf8ValidatorTests {
    private enum Verdict {
        case valid
        case unfinished
        case invalid
    }

    private func verdict(_ bytes: [UInt8]) -> Verdict {
        var validator = Utf8Validator()
        guard validator.accepts(bytes.span) else { return .invalid }
        return validator.isAtBoundary ? .valid : .unfinished
    }

    /// Covers all 16,843,008 of them; what is valid is what Swift writes for some scalar.
    ///
    /// A refused beginning stays refused, and behind a whole character everything begins anew: so a sequence needs
    /// trying only behind a character that is open. (Swift's own validation throws within, and the test library
    /// records a backtrace of each throw: too slow for this many.)
    @Test func `All sequences of one, two and three bytes are judged as Swift writes them`() {
        var isWritten = [Bool](repeating: false, count: 1 << 24)
        for value in UInt32(0)..<0x1_0000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var number = 0
            for byte in String(scalar).utf8 { number = number << 8 | Int(byte) }
            isWritten[number] = true
        }
        var differing: [[UInt8]] = []
        func extend(_ bytes: inout [UInt8], _ number: Int) {
            bytes.append(0)
            for byte in 0...255 {
                bytes[bytes.count - 1] = UInt8(byte)
                let verdict = verdict(bytes)
                if (verdict == .valid) != isWritten[number << 8 | byte] { differing.append(bytes) }
                if verdict == .unfinished, bytes.count < 3 { extend(&bytes, number << 8 | byte) }
            }
            bytes.removeLast()
        }
        var bytes: [UInt8] = []
        extend(&bytes, 0)
        #expect(differing.isEmpty)
    }

    @Test func `Random sequences of four bytes are judged as Swift judges them`() {
        var random = SeededRandom(8)
        for _ in 0..<5_000 {
            let lead = UInt8.random(in: 0xE0...0xF7, using: &random)
            let bytes = [lead] + (0..<3).map { _ in UInt8.random(in: 0x70...0xCF, using: &random) }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            #expect((verdict(bytes) == .valid) == isValid)
        }
    }

    @Test func `Every scalar at the edge of a form passes, in any split`() {
        let edges: [UInt32] = [0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x1_0000, 0x10_FFFF]
        for edge in edges.compactMap(Unicode.Scalar.init) {
            var validator = Utf8Validator()
            for byte in Array(String(edge).utf8) {
                let goesOn = validator.accepts([byte].span)
                #expect(goesOn)
            }
            #expect(validator.isAtBoundary)
        }
    }

    @Test func `A character of any length can be cut off at every byte but its last`() {
        for text in ["é", "語", "👩"] {
            let bytes = Array(text.utf8)
            for count in 1..<bytes.count { #expect(verdict(Array(bytes[..<count])) == .unfinished) }
            #expect(verdict(bytes) == .valid)
        }
    }
}
