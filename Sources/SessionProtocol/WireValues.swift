package import Sessions

/// How the domain's values are spelled.
extension JSONWriter {
    mutating func person(_ person: PersonID) { string(plain: person.text) }

    mutating func room(_ room: RoomID) {
        switch room {
        case .main: string("main")
        case .hosts: string("hosts")
        case .breakout: string(plain: room.text)
        }
    }

    mutating func epoch(_ epoch: Epoch) {
        let digits = String(epoch.bits, radix: 16)
        string(plain: String(repeating: "0", count: 16 - digits.utf8.count) + digits)
    }

    mutating func member(_ name: JSONLiteral, _ person: PersonID) {
        key(name)
        self.person(person)
    }

    mutating func member(_ name: JSONLiteral, _ room: RoomID) {
        key(name)
        self.room(room)
    }

    mutating func member(_ name: JSONLiteral, _ text: Text) { member(name, text.utf8) }

    mutating func member(_ name: JSONLiteral, _ choice: some WireChoice) { member(name, choice.wireName) }

    /// A text, or null when it is forgotten or there was none.
    mutating func member(_ name: JSONLiteral, orNull text: Text?) {
        key(name)
        if let text { string(text.utf8) } else { null() }
    }

    /// A number, or null.
    mutating func member(_ name: JSONLiteral, orNull number: Int?) {
        key(name)
        if let number { integer(Int64(number)) } else { null() }
    }

    /// A time, or null.
    mutating func member(_ name: JSONLiteral, orNull time: Milliseconds?) {
        key(name)
        if let time { integer(time) } else { null() }
    }

    /// The person on a seat, or null.
    mutating func member(_ name: JSONLiteral, orNull seat: SeatID?, in state: SessionState) {
        key(name)
        if let seat { person(state.seats[seat.index].person) } else { null() }
    }

    mutating func member(_ name: JSONLiteral, _ seat: SeatID, in state: SessionState) {
        // Not by the subscript: that hands out the whole seat.
        member(name, state.seats[seat.index].person)
    }

    mutating func member(_ name: JSONLiteral, _ seats: [SeatID], in state: SessionState) {
        key(name)
        beginArray()
        for seat in seats { person(state[seat].person) }
        endArray()
    }

    mutating func member(_ name: JSONLiteral, _ people: [PersonID]) {
        key(name)
        beginArray()
        for person in people { self.person(person) }
        endArray()
    }
}

extension Epoch {
    /// Reads 16 hexadecimal digits; nil when they are not.
    package init?(hexadecimal digits: [UInt8]) {
        guard digits.count == 16 else { return nil }
        var bits: UInt64 = 0
        for digit in digits {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            bits = bits << 4 | UInt64(value)
        }
        self.init(bits: bits)
    }
}
