/// What one device has heard without a gap: from one whole state to the next, over all resumes between.
final class Hearing {
    let person: Int
    /// The number that the whole state has; what follows is heard.
    let from: Int
    /// The last number known to this device.
    private(set) var high: Int
    /// Nothing more will come: the device has left, or has taken a whole state.
    private(set) var isOver = false
    /// A bit for each number after `from`.
    private var bits: [UInt64] = []

    init(person: Int, from: Int) {
        self.person = person
        self.from = from
        high = from
    }

    /// Takes a push's number; false when it does not rise.
    func hear(_ seq: Int) -> Bool {
        guard seq > high else { return false }
        high = seq
        let index = seq - from
        while bits.count <= index >> 6 { bits.append(0) }
        bits[index >> 6] |= 1 << UInt64(index & 63)
        return true
    }

    func hasHeard(_ seq: Int) -> Bool {
        let index = seq - from
        return index >= 0 && index >> 6 < bits.count && bits[index >> 6] & 1 << UInt64(index & 63) != 0
    }

    func end() { isOver = true }
}
