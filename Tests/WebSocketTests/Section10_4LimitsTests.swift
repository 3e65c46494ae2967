import Testing
import WebSocket

/// RFC 6455 section 10.4: what one message may cost.
@Suite struct Section10_4LimitsTests {
    private let small = MessageLimits(maxMessageBytes: 10, maxFragments: 3)

    @Test func `A message of just the limit passes, one byte more is refused by its header`() {
        #expect(outcome(of: masked(.text, "0123456789"), limits: small).incoming == [.text("0123456789")])
        let header = Array(masked(.text, "0123456789a")[..<2])
        #expect(outcome(of: header, limits: small).code == .messageTooBig)
    }

    @Test func `All fragments together count`() {
        let begun = masked(.text, "01234567", fin: false)
        let fits = outcome(of: begun + masked(.continuation, "89"), limits: small)
        #expect(fits.incoming == [.text("0123456789")])
        let header = Array(masked(.continuation, "89a")[..<2])
        #expect(outcome(of: begun + header, limits: small).code == .messageTooBig)
    }

    @Test func `The limit is per message, and control frames do not count`() {
        let frames = masked(.text, "0123456789") + masked(.ping, "0123456789ab") + masked(.text, "0123456789")
        #expect(outcome(of: frames, limits: small).incoming.count == 3)
    }

    @Test func `One fragment too many is refused with 1008 by its header, empty or not`() {
        for payload in ["", "x"] {
            let begun = masked(.text, payload, fin: false) + masked(.continuation, payload, fin: false)
            let fits = outcome(of: begun + masked(.continuation, payload), limits: small)
            #expect(fits.incoming == [.text(payload + payload + payload)])
            let full = begun + masked(.continuation, payload, fin: false)
            #expect(outcome(of: full, limits: small).violation == nil)
            for header: [UInt8] in [[0x00, 0x80], [0x00, 0x81], [0x80, 0x81]] {
                #expect(outcome(of: full + header, limits: small).code == .policyViolation)
            }
        }
    }

    @Test func `Fragments are counted anew for each message`() {
        let more = masked(.continuation, "x", fin: false)
        let message = masked(.text, "x", fin: false) + more + masked(.continuation, "x")
        let whole = masked(.binary, "y")
        let outcome = outcome(of: message + whole + message + whole + message, limits: small)
        #expect(outcome.violation == nil)
        #expect(outcome.incoming.count == 5)
    }

    @Test func `An empty frame that only ends a message is not counted`() {
        let more = masked(.continuation, "x", fin: false)
        let full = masked(.text, "x", fin: false) + more + more
        #expect(outcome(of: full + masked(.continuation, ""), limits: small).incoming == [.text("xxx")])
    }

    @Test func `Limits can be raised between messages and within one`() throws {
        var machine = FrameMachine(role: .server, limits: small)
        var incoming: [Incoming] = []
        try machine.receive(masked(.text, "01234567", fin: false).span, into: &incoming)
        machine.limits = MessageLimits(maxMessageBytes: 100, maxFragments: 64)
        try machine.receive(masked(.continuation, "89abcdef").span, into: &incoming)
        try machine.receive(masked(.text, String(repeating: "x", count: 100)).span, into: &incoming)
        #expect(incoming == [.text("0123456789abcdef"), .text(String(repeating: "x", count: 100))])
    }

    @Test func `A limit lowered below what a message already has refuses the next fragment`() throws {
        var machine = FrameMachine(role: .server, limits: small)
        var incoming: [Incoming] = []
        try machine.receive(masked(.text, "01234567", fin: false).span, into: &incoming)
        machine.limits.maxMessageBytes = 4
        #expect(throws: Violation(.messageTooBig, "message too big")) {
            try machine.receive(masked(.continuation, "8").span, into: &incoming)
        }
    }

    @Test func `The defaults are 64 KiB and 64 fragments`() {
        #expect(MessageLimits() == MessageLimits(maxMessageBytes: 65_536, maxFragments: 64))
    }

    @Test func `A hundred thousand one-byte continuations end at the sixty-fifth fragment`() {
        let more = masked(.continuation, "x", fin: false)
        let flood = masked(.text, "x", fin: false) + repeatElement(more, count: 1_000).joined()
        let outcome = outcome(of: flood)
        #expect(outcome.code == .policyViolation)
        #expect(bytesUntilViolation(flood) == 64 * more.count + 2)
    }
}
