import Foundation
import SessionProtocol
import Testing

/// Foundation's `JSONSerialization` as oracle, on texts made from a seed; `SEED=n` runs another seed.
struct JSONFuzzTests {
    private let wanted = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }
    private var seed: UInt64 { wanted ?? 1 }
    /// So few by default that the codec's tests stay under a second; ten times as many for who asks for a seed.
    private var rounds: Int { wanted == nil ? 3_000 : 30_000 }

    @Test func `ours and the oracle agree on well-formed and on mutated text, but for a written list`() {
        var generator = JSONGenerator(seed: seed)
        var oracle = JSONOracle()
        var last: [UInt8] = []
        for round in 0..<rounds {
            let text = generator.text()
            var candidates = [text, generator.mutated(text, with: last), generator.mutated(text, with: last)]
            if round % 100 == 0 { candidates.append(generator.reencoded(text)) }
            for candidate in candidates {
                if let difference = oracle.difference(on: candidate) {
                    let shown = String(decoding: candidate, as: UTF8.self)
                    Issue.record("SEED=\(seed), round \(round): \(difference): \(shown)")
                    return
                }
            }
            last = text
        }
        // The list is no wish list, and the texts are neither all good nor all bad.
        #expect(oracle.met == Set(JSONDisagreement.allCases))
        #expect(oracle.acceptedByBoth > rounds)
        #expect(oracle.refusedByBoth > rounds / 2)
    }

    @Test func `no bytes make the reader stop the process`() {
        var random = SplitMix64(seed: seed)
        var reader = JSONReader()
        let punctuation = Array("{}[]:,\"\\u0-.e".utf8)
        var accepted = 0
        for _ in 0..<5_000 {
            var bytes: [UInt8] = [UInt8(ascii: "{")]
            for _ in 0..<Int.random(in: 0...24, using: &random) {
                let likely = punctuation.randomElement(using: &random) ?? 0
                bytes.append(Bool.random(using: &random) ? likely : random.next())
            }
            if (try? reader.read(bytes)) != nil { accepted += 1 }
        }
        #expect(accepted < 5_000)
    }
}
