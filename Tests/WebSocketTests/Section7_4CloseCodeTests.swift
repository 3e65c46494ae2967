import Testing
import WebSocket

/// RFC 6455 sections 5.5.1 and 7.4: what a close frame may hold.
@Suite struct Section7_4CloseCodeTests {
    @Test func `Of the codes 0 to 5000 exactly the defined, registered and private ones pass`() {
        let allowed = Set([1000...1003, 1007...1014, 3000...4999].joined().map { UInt16($0) })
        for raw in UInt16(0)...5000 {
            let code = CloseCode(rawValue: raw)
            let frame = masked(.close, [UInt8(raw >> 8), UInt8(raw & 0xFF)])
            let outcome = outcome(of: [frame], as: .server)
            #expect(code.isAllowedOnWire == allowed.contains(raw))
            #expect(outcome.incoming == (allowed.contains(raw) ? [.close(code, reason: [])] : []))
            #expect(outcome.code == (allowed.contains(raw) ? nil : .protocolError))
        }
    }

    @Test func `Higher codes are refused`() {
        for raw in stride(from: UInt16(5000), to: 65_000, by: 331) + [65_535] {
            #expect(!CloseCode(rawValue: raw).isAllowedOnWire)
        }
    }

    @Test func `An empty close frame has no code`() {
        let outcome = outcome(of: masked(.close, ""))
        #expect(outcome.incoming == [.close(nil, reason: [])])
        #expect(outcome.violation == nil)
    }

    @Test func `A close frame of one byte is refused`() {
        #expect(outcome(of: masked(.close, [0x03])).code == .protocolError)
    }

    @Test func `The reason comes with the code, up to 123 bytes`() {
        for length in [0, 1, 123] {
            let reason = [UInt8](repeating: 0x7A, count: length)
            let frame = FrameWriter.close(.goingAway, reason: reason, mask: exampleMask)
            #expect(outcome(of: frame).incoming == [.close(.goingAway, reason: reason)])
        }
    }

    @Test func `A reason that is not UTF-8 is refused with 1007, a bad code before it with 1002`() {
        let reasons: [[UInt8]] = [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xE2, 0x82]]
        for reason in reasons {
            #expect(outcome(of: masked(.close, [0x03, 0xE8] + reason)).code == .invalidPayload)
            #expect(outcome(of: masked(.close, [0x03, 0xED] + reason)).code == .protocolError)
        }
    }

    @Test func `Nothing after a close frame is looked at, not even nonsense`() {
        let close = masked(.close, [0x03, 0xE8])
        for after in [masked(.text, "late"), close, [0xFF, 0xFF, 0xFF], masked(.ping, "?")] {
            let outcome = outcome(of: masked(.text, "first") + close + after)
            #expect(outcome.incoming == [.text("first"), .close(.normal, reason: [])])
            #expect(outcome.violation == nil)
        }
    }

    @Test func `Nothing after a violation is looked at`() {
        let outcome = outcome(of: masked(.text, "first") + [0xFF] + masked(.text, "late") + [0xFF, 0xFF])
        #expect(outcome.incoming == [.text("first")])
        #expect(outcome.code == .protocolError)
    }

    @Test func `A violation's reason fits a close frame`() {
        let outcome = outcome(of: [0xFF])
        let reason = outcome.violation?.reasonBytes ?? []
        let frame = FrameWriter.close(.protocolError, reason: reason)
        #expect(reason == Array("reserved bit set".utf8))
        #expect(frame == [0x88, UInt8(reason.count + 2), 0x03, 0xEA] + reason)
    }
}
