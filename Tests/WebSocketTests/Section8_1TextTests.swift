import Testing
import WebSocket

/// RFC 6455 sections 5.6 and 8.1: text is UTF-8, across fragments and reads.
@Suite struct Section8_1TextTests {
    private let texts = [
        "", "plain", "κόσμε", "Größe", "日本語", "👩‍🏫", "\u{0}\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10FFFF}",
    ]
    private let broken: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
        [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xF8, 0x88], [0xFC], [0xFE], [0xFF], [0xC3, 0x28],
        [0xE2, 0x28], [0xE2, 0x82, 0x28], [0xF0, 0x9F, 0x98, 0x28],
    ]

    @Test func `Valid text passes in every split into two fragments`() {
        for text in texts {
            let bytes = Array(text.utf8)
            for cut in 0...bytes.count {
                let first = masked(.text, Array(bytes[..<cut]), fin: false)
                let frames = first + masked(.continuation, Array(bytes[cut...]))
                #expect(outcome(of: frames).incoming == [.text(bytes)])
            }
        }
    }

    @Test func `Invalid text is refused with 1007 at the first byte that cannot be, at every offset`() {
        for sequence in broken {
            for offset in [0, 1, 5, 7, 8, 9, 16, 100] {
                let padding = [UInt8](repeating: 0x61, count: offset)
                let payload = padding + sequence + [UInt8](repeating: 0x62, count: 20)
                let frame = masked(.text, payload)
                let header = frame.count - payload.count
                #expect(outcome(of: frame).code == .invalidPayload)
                let read = bytesUntilViolation(frame)
                #expect(read == header + offset + earliestError(of: sequence))
            }
        }
    }

    @Test func `Invalid text is refused within its fragment, whatever was promised`() {
        for sequence in broken {
            let frames = masked(.text, "ok é", fin: false) + masked(.continuation, sequence, fin: false)
            #expect(outcome(of: frames).code == .invalidPayload)
        }
    }

    @Test func `A character that is cut off is refused at the end of the message, not before`() {
        for text in ["é", "語", "👩"] {
            let bytes = Array(text.utf8)
            for cut in 1..<bytes.count {
                let cutOff = Array(bytes[..<cut])
                #expect(outcome(of: masked(.text, cutOff, fin: false)).violation == nil)
                #expect(outcome(of: masked(.text, cutOff)).code == .invalidPayload)
                let ended = masked(.text, cutOff, fin: false) + masked(.continuation, "")
                #expect(outcome(of: ended).code == .invalidPayload)
                let resumed = masked(.text, cutOff, fin: false) + masked(.continuation, "a")
                #expect(outcome(of: resumed).code == .invalidPayload)
            }
        }
    }

    @Test func `A control frame within a character does not disturb it`() {
        let bytes = Array("👩".utf8)
        let frames =
            masked(.text, Array(bytes[..<2]), fin: false) + masked(.ping, [0xFF])
            + masked(.continuation, Array(bytes[2...]))
        #expect(outcome(of: frames).incoming == [.ping([0xFF]), .text("👩")])
    }

    @Test func `One broken message does not excuse the next, nor does a whole one spoil it`() {
        let frames = masked(.text, "é") + masked(.text, [0xC3])
        #expect(outcome(of: frames).incoming == [.text("é")])
        #expect(outcome(of: frames).code == .invalidPayload)
    }

    @Test func `Binary messages may hold anything`() {
        for sequence in broken {
            #expect(outcome(of: masked(.binary, sequence)).incoming == [.binary(sequence)])
        }
    }

    /// How many bytes of the sequence show that no text can hold it, as Swift's own decoder sees it: the first prefix
    /// that no bytes can complete.
    private func earliestError(of sequence: [UInt8]) -> Int {
        let completions: [[UInt8]] = [
            [], [0x80], [0xA0], [0x90], [0x80, 0x80], [0xA0, 0x80], [0x90, 0x80], [0x80, 0x80, 0x80],
            [0x90, 0x80, 0x80],
        ]
        for count in 1...sequence.count {
            let prefix = sequence.prefix(count)
            let canGoOn = completions.contains { String(validating: prefix + $0, as: UTF8.self) != nil }
            if !canGoOn { return count }
        }
        return sequence.count
    }
}
