import Sessions

/// Reads what `ByteWriter` wrote.
///
/// Bytes that it did not write are a fault, never a trap.
struct ByteReader {
    private let bytes: [UInt8]
    private var offset = 0
    /// The words, when they are kept apart, and how far they are read.
    private var words: [UInt8]?
    private var wordOffset = 0

    /// `words` when these are kept apart.
    init(_ bytes: [UInt8], words: [UInt8]? = nil) {
        self.bytes = bytes
        self.words = words
    }

    var isAtEnd: Bool { offset == bytes.count }

    /// Words are kept apart, as in every state since encoding 3.
    var hasWordsApart: Bool { words != nil }

    /// Whether all words that are kept apart have been read.
    var wordsAreAtEnd: Bool { wordOffset == words?.count ?? 0 }

    mutating func byte() throws(SpellingFault) -> UInt8 {
        guard offset < bytes.count else { throw .tooShort }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func unsigned() throws(SpellingFault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 63 || (shift == 63 && next <= 1) else { throw .badValue("number") }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    /// A count, a number given out, a time or a length of time: never negative, and small enough to be added to.
    ///
    /// Whoever applies what was read does sums with it, and a sum that overflows is a trap.
    mutating func number() throws(SpellingFault) -> Int {
        let value = try unsigned()
        guard value < 1 << 53 else { throw .badValue("number") }
        return Int(value)
    }

    mutating func time() throws(SpellingFault) -> Milliseconds {
        Milliseconds(try number())
    }

    mutating func flag() throws(SpellingFault) -> Bool {
        switch try byte() {
        case 0: return false
        case 1: return true
        default: throw .badValue("flag")
        }
    }

    /// A count of things that take at least a byte each, so that no promise makes us allocate what is not there.
    mutating func count() throws(SpellingFault) -> Int {
        let count = try unsigned()
        guard count <= UInt64(bytes.count - offset) else { throw .tooShort }
        return Int(count)
    }

    mutating func raw() throws(SpellingFault) -> [UInt8] {
        let count = try count()
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    mutating func text() throws(SpellingFault) -> Text {
        guard words != nil else { return Text(utf8: try raw()) }
        return Text(utf8: try takeWords(try number()))
    }

    private mutating func takeWords(_ count: Int) throws(SpellingFault) -> [UInt8] {
        guard let words, count <= words.count - wordOffset else { throw .tooShort }
        defer { wordOffset += count }
        return Array(words[wordOffset..<wordOffset + count])
    }

    /// Reads what `ByteWriter.raw` wrote of another writer.
    mutating func nested<Value>(
        _ read: (inout ByteReader) throws(SpellingFault) -> Value
    ) throws(SpellingFault) -> Value {
        var inner = ByteReader(try raw(), words: words)
        inner.wordOffset = wordOffset
        let value = try read(&inner)
        guard inner.isAtEnd else { throw .tooLong }
        wordOffset = inner.wordOffset
        return value
    }

    mutating func seat() throws(SpellingFault) -> SeatID {
        let index = try number()
        guard (0..<1 << 20).contains(index) else { throw .badValue("seat") }
        return SeatID(index)
    }

    mutating func room() throws(SpellingFault) -> RoomID {
        switch try byte() {
        case 0: return .main
        case 1: return .hosts
        case 2:
            let (round, number) = (try number(), try number())
            guard round > 0, number > 0 else { throw .badValue("room") }
            return .breakout(round: round, number: number)
        default: throw .badValue("room")
        }
    }

    mutating func person() throws(SpellingFault) -> PersonID {
        let spelled: [UInt8]
        if words == nil {
            spelled = try raw()
        } else {
            // No id is longer than one byte can tell.
            let length = try takeWords(1)
            spelled = try takeWords(Int(length[0]))
        }
        guard let person = PersonID(spelled) else { throw .badValue("person") }
        return person
    }

    mutating func session() throws(SpellingFault) -> SessionID {
        guard let session = SessionID(try raw()) else { throw .badValue("session id") }
        return session
    }

    mutating func code<Code: RawRepresentable<UInt8>>(_ type: Code.Type) throws(SpellingFault) -> Code {
        guard let value = Code(rawValue: try byte()) else { throw .badValue("code") }
        return value
    }

    mutating func optional<Value>(
        _ read: (inout ByteReader) throws(SpellingFault) -> Value
    ) throws(SpellingFault) -> Value? {
        try flag() ? try read(&self) : nil
    }

    mutating func list<Element>(
        _ read: (inout ByteReader) throws(SpellingFault) -> Element
    ) throws(SpellingFault) -> [Element] {
        let count = try count()
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try read(&self)) }
        return elements
    }
}

/// Bytes whose checksum is right and whose meaning is not: ours, or a hand's.
package enum SpellingFault: Error, Equatable, Sendable {
    case tooShort
    case tooLong
    case badValue(String)
    case unknownKind(UInt8)
    case unknownVersion(kind: UInt8, version: UInt8)
}
