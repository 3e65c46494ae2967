import SessionProtocol
import Testing

struct UTF8SequenceTests {
    @Test func `scalars of all planes are taken for what they are`() {
        let rules = TextRules.text
        var wrong: [Unicode.Scalar] = []
        // 127 is prime to the sizes of all blocks; the other test has the edges.
        for value in stride(from: UInt32(0xA0), to: 0x11_0000, by: 127) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            if rules.problem(in: Array(scalar.utf8)) != nil { wrong.append(scalar) }
        }
        #expect(wrong.isEmpty)
    }

    @Test func `three bytes of any kind are judged as the standard library judges them`() {
        let edges: [UInt8] = [
            0x61, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xC3, 0xDF, 0xE0, 0xE1, 0xEC,
            0xED, 0xEE, 0xEF, 0xF0,
            0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        var wrong: [[UInt8]] = []
        for first in edges {
            for second in edges {
                for third in edges {
                    // A fourth that continues, so that the long ones can be complete.
                    for text in [[first, second, third], [first, second, third, 0x80]] {
                        let isValid = String(validating: text, as: UTF8.self) != nil
                        let isTaken = fault(of: Array("{\"a\":\"".utf8) + text + Array("\"}".utf8)) == nil
                        if isTaken != isValid { wrong.append(text) }
                    }
                }
            }
        }
        #expect(wrong.isEmpty)
    }
}
