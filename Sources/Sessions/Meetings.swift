/// Who has met whom, a bit for each two of some people, by their index.
///
/// Two thousand people take half a megabyte.
package struct Meetings: Equatable, Sendable {
    package let people: Int
    /// Words of a person's row.
    private let width: Int
    private var words: [UInt64]

    package init(people: Int) {
        self.people = people
        width = (people + 63) / 64
        words = Array(repeating: 0, count: people * width)
    }

    /// These have met, each of them each other.
    package mutating func meet(_ group: [Int]) {
        guard group.count > 1 else { return }
        var mask: [UInt64] = Array(repeating: 0, count: width)
        for person in group { mask[person >> 6] |= 1 << (person & 63) }
        for person in group {
            let row = person * width
            for word in 0..<width { words[row + word] |= mask[word] }
            words[row + person >> 6] &= ~(1 << (person & 63))
        }
    }

    package func have(_ one: Int, _ other: Int) -> Bool {
        words[one * width + other >> 6] >> (other & 63) & 1 == 1
    }

    /// How many somebody has met.
    package func count(metBy person: Int) -> Int {
        words[person * width..<(person + 1) * width].reduce(0) { $0 + $1.nonzeroBitCount }
    }

    /// Calls `body` for each whom somebody has met, rising.
    ///
    /// - Returns: how much there was to look at.
    func forEach(metBy person: Int, _ body: (Int) -> Void) -> Int {
        let row = person * width
        var asked = width
        for word in 0..<width {
            var bits = words[row + word]
            asked += bits.nonzeroBitCount
            while bits != 0 {
                body(word << 6 + bits.trailingZeroBitCount)
                bits &= bits - 1
            }
        }
        return asked
    }
}
