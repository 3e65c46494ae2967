/// Whether all who are there can be told at once: names come from tickets and labels from people, and a state is one
/// message.
extension SessionState {
    /// Whether all people can still be told at once with this seat among them, new or instead of a known one.
    func canTell(of seat: Seat, insteadOf known: SeatID? = nil, limits: SessionsLimits) -> Bool {
        let others = seats.indices.filter { $0 != known?.index }
        let left = limits.peopleBytes - seat.toldBytes
        // Nearly always there is room for far more, and nobody's name need be looked at.
        if others.reduce(0, { $0 + seats[$1].mostToldBytes }) <= left { return true }
        return others.reduce(0) { $0 + seats[$1].toldBytes } <= left
    }
}

extension Seat {
    /// No seat takes more bytes on the wire beside its texts.
    private static let bytesWithoutTexts = 176

    fileprivate var toldBytes: Int {
        Seat.bytesWithoutTexts + person.text.utf8.count + name.toldBytes + school.toldBytes + label.toldBytes
    }

    /// As much as that, if every character needed a backslash.
    fileprivate var mostToldBytes: Int {
        Seat.bytesWithoutTexts + person.text.utf8.count
            + 2 * (name.utf8.count + school.utf8.count + label.utf8.count)
    }
}

extension Text {
    /// The bytes that it takes in a message, where quotes, backslashes and line ends need a backslash.
    fileprivate var toldBytes: Int {
        utf8.reduce(utf8.count) { $0 + ($1 < 0x20 || $1 == 0x22 || $1 == 0x5C ? 1 : 0) }
    }
}
