import Sessions

/// Spells values on disk: numbers as base-128 groups, least significant first (small ones are short), texts with their
/// length before them.
///
/// Words may be kept apart, so that what is hashed tells how long they are and not what they are.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []
    /// The words, when they are kept apart; else they stand among the rest.
    private(set) var words: [UInt8]?

    /// With room for `capacity` bytes: a record is written without growing step by step.
    init(capacity: Int = 0, wordsApart: Bool = false) {
        bytes.reserveCapacity(capacity)
        words = wordsApart ? [] : nil
    }

    mutating func number(_ value: Int) {
        number(UInt64(bitPattern: Int64(value)))
    }

    mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func time(_ value: Milliseconds) {
        number(UInt64(bitPattern: value))
    }

    mutating func flag(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    /// Forgets what was written and keeps the memory.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        words?.removeAll(keepingCapacity: true)
    }

    /// Bytes that tell their length themselves, or are all that there is.
    mutating func append(_ value: [UInt8]) {
        bytes.append(contentsOf: value)
    }

    mutating func raw(_ value: some Collection<UInt8>) {
        number(value.count)
        bytes.append(contentsOf: value)
    }

    mutating func text(_ value: Text) {
        guard words != nil else { return raw(value.utf8) }
        number(value.utf8.count)
        words?.append(contentsOf: value.utf8)
    }

    /// Who somebody is; kept apart with its length, since a pseudonym may have another one.
    mutating func person(_ value: PersonID) {
        guard words != nil else { return raw(value.text.utf8) }
        var id = ByteWriter()
        id.raw(value.text.utf8)
        words?.append(contentsOf: id.bytes)
    }

    /// What another writer has written, its length before it.
    mutating func raw(_ other: ByteWriter) {
        raw(other.bytes)
        if let apart = other.words { words?.append(contentsOf: apart) }
    }

    mutating func seat(_ value: SeatID) {
        number(value.index)
    }

    mutating func room(_ value: RoomID) {
        switch value {
        case .main: bytes.append(0)
        case .hosts: bytes.append(1)
        case .breakout(let round, let number):
            bytes.append(2)
            self.number(round)
            self.number(number)
        }
    }

    /// A case of an enum whose raw values are its codes on disk.
    mutating func code<Code: RawRepresentable<UInt8>>(_ value: Code) {
        bytes.append(value.rawValue)
    }

    mutating func optional<Value>(_ value: Value?, _ write: (inout ByteWriter, Value) -> Void) {
        flag(value != nil)
        if let value { write(&self, value) }
    }

    mutating func list<Element>(
        _ elements: some Collection<Element>,
        _ write: (inout ByteWriter, Element) -> Void
    ) {
        number(elements.count)
        for element in elements { write(&self, element) }
    }
}
