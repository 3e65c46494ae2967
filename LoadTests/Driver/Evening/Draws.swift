import Foundation

/// Chance from a seed: the same seed and the same purpose always draw the same numbers (SplitMix64).
///
/// Everybody has draws of their own for each purpose, so what one person draws does not depend on when another did.
struct Draws: RandomNumberGenerator, Sendable {
    /// What the numbers are for; each purpose is a stream of its own.
    enum Purpose: UInt64, Sendable {
        case arrival = 1
        case kind
        case talk
        case drops
        case cuts
        case sleeps
        case storms
        case hosts
        case reactions
        case network
    }

    private var state: UInt64

    init(_ seed: UInt64, _ purpose: Purpose, _ number: Int = 0) {
        state = seed
        state = next() ^ purpose.rawValue &* 0xD6E8_FEB8_6659_FD93
        state = next() ^ UInt64(truncatingIfNeeded: number) &* 0xA076_1D64_78BD_642F
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// From 0 to below 1.
    mutating func share() -> Double { Double(next() >> 11) / Double(1 << 53) }

    mutating func happens(_ share: Double) -> Bool { self.share() < share }

    mutating func number(below bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    mutating func number(in span: Scenario.Span) -> Int {
        span.from + number(below: span.to - span.from + 1)
    }

    /// A time between two of many independent happenings that come `perHour` times an hour, in microseconds.
    mutating func gap(perHour: Double) -> Int64 {
        let hours = -log(1 - share()) / perHour
        return Int64(min(hours, 1_000) * 3_600 * 1_000_000)
    }
}
