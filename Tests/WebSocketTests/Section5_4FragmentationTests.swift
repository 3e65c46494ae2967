import Testing
import WebSocket

/// RFC 6455 section 5.4: messages in several frames.
@Suite struct Section5_4FragmentationTests {
    @Test func `Fragments become one message, of the first frame's kind`() {
        let text = masked(.text, "one ", fin: false) + masked(.continuation, "two ", fin: false)
        #expect(outcome(of: text + masked(.continuation, "three")).incoming == [.text("one two three")])
        let binary = masked(.binary, [0xFF], fin: false) + masked(.continuation, [0xFE])
        #expect(outcome(of: binary).incoming == [.binary([0xFF, 0xFE])])
    }

    @Test func `Fragments may be empty, all of them too`() {
        let empty = masked(.text, "", fin: false) + masked(.continuation, "", fin: false)
        #expect(outcome(of: empty + masked(.continuation, "")).incoming == [.text("")])
        #expect(outcome(of: empty + masked(.continuation, "end")).incoming == [.text("end")])
    }

    @Test func `Empty frames that end nothing are counted, others are not`() {
        let bytes =
            masked(.text, "", fin: false) + masked(.ping, "") + masked(.continuation, "", fin: false)
            + masked(.continuation, "x", fin: false) + masked(.continuation, "") + masked(.text, "")
        #expect(outcome(of: bytes).emptyFrames == 2)
    }

    @Test func `Control frames come between fragments, in order and unharmed`() {
        let bytes =
            masked(.text, "he", fin: false) + masked(.ping, "a") + masked(.continuation, "ll", fin: false)
            + masked(.pong, "") + masked(.ping, "b") + masked(.continuation, "o")
        let expected: [Incoming] = [
            .ping(Array("a".utf8)), .pong([]), .ping(Array("b".utf8)), .text("hello"),
        ]
        #expect(outcome(of: bytes).incoming == expected)
    }

    @Test func `A close frame between fragments ends it all`() {
        let bytes = masked(.text, "he", fin: false) + masked(.close, "") + masked(.continuation, "llo")
        #expect(outcome(of: bytes).incoming == [.close(nil, reason: [])])
    }

    @Test func `A continuation without a beginning is refused at its first octet`() {
        for fin in [true, false] {
            #expect(outcome(of: masked(.continuation, "x", fin: fin)).code == .protocolError)
        }
        let after = masked(.text, "whole") + masked(.continuation, "x")
        #expect(outcome(of: after).incoming == [.text("whole")])
        #expect(outcome(of: after).code == .protocolError)
        #expect(bytesUntilViolation(after) == masked(.text, "whole").count + 1)
    }

    @Test func `A new message within a fragmented one is refused at its first octet`() {
        let begun = masked(.text, "x", fin: false)
        for opcode in [Opcode.text, .binary] {
            for fin in [true, false] {
                let bytes = begun + masked(opcode, "y", fin: fin)
                #expect(outcome(of: bytes).code == .protocolError)
                #expect(bytesUntilViolation(bytes) == begun.count + 1)
            }
        }
    }

    @Test func `The machine says that a message has begun until it is complete`() {
        #expect(!FrameMachine(role: .server).isInMessage)
        let whole = masked(.text, "x")
        for cut in 1..<whole.count { #expect(outcome(of: Array(whole[..<cut])).isInMessage) }
        #expect(!outcome(of: whole).isInMessage)
        let first = masked(.text, "x", fin: false)
        #expect(outcome(of: first).isInMessage)
        #expect(outcome(of: first + masked(.ping, "p")).isInMessage)
        #expect(!outcome(of: first + masked(.continuation, "y")).isInMessage)
        #expect(!outcome(of: first + masked(.close, "")).isInMessage)
    }
}
