/// Milliseconds since 1970 UTC, or a length of time in milliseconds.
package typealias Milliseconds = Int64

/// Numbers a session for as long as the journal lives; given out from 1 in the order of creation, never again.
package typealias SessionNumber = UInt64

/// The name of a session in links and on the wire: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`.
package struct SessionID: Hashable, Sendable {
    package let text: String

    /// Nil when the bytes are not a session's id.
    package init?(_ bytes: some Collection<UInt8>) {
        guard (1...64).contains(bytes.count), let first = bytes.first, Ascii.isAlphanumeric(first),
            bytes.allSatisfy({ Ascii.isAlphanumeric($0) || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D })
        else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }
}

/// Who somebody is, across devices and sessions: a ticket's `sub`, `[A-Za-z0-9._@:+-]{1,64}`.
package struct PersonID: Hashable, Sendable {
    package let text: String

    /// Nil when the bytes are not a person's id.
    package init?(_ bytes: some Collection<UInt8>) {
        guard (1...64).contains(bytes.count), bytes.allSatisfy(PersonID.allows) else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2E, 0x5F, 0x40, 0x3A, 0x2B, 0x2D: true  // . _ @ : + -
        default: Ascii.isAlphanumeric(byte)
        }
    }
}

/// A seat's place in `SessionState.seats`: dense, in the order of joining.
package struct SeatID: Hashable, Comparable, Sendable {
    package let index: Int

    package init(_ index: Int) {
        self.index = index
    }

    package static func < (left: SeatID, right: SeatID) -> Bool {
        left.index < right.index
    }
}

/// A place to be, and to talk in: on the wire `main`, `hosts` (chat only), `b<round>-<n>`; never used again.
package enum RoomID: Hashable, Sendable {
    case main
    case hosts
    /// Round and room number, both from 1.
    case breakout(round: Int, number: Int)

    /// Nil when the bytes do not spell a room.
    ///
    /// Whether the room exists is another question.
    package init?(_ bytes: some Collection<UInt8>) {
        if bytes.elementsEqual("main".utf8) {
            self = .main
        } else if bytes.elementsEqual("hosts".utf8) {
            self = .hosts
        } else {
            guard bytes.first == UInt8(ascii: "b") else { return nil }
            let parts = bytes.dropFirst().split(
                separator: UInt8(ascii: "-"),
                omittingEmptySubsequences: false
            )
            guard parts.count == 2, let round = Ascii.number(parts[0]), let number = Ascii.number(parts[1])
            else {
                return nil
            }
            self = .breakout(round: round, number: number)
        }
    }

    /// The room as it is spelled on the wire.
    package var text: String {
        switch self {
        case .main: "main"
        case .hosts: "hosts"
        case .breakout(let round, let number): "b\(round)-\(number)"
        }
    }
}

/// One numbering of a session's events; 64 random bits, on the wire 16 hexadecimal digits.
package struct Epoch: Hashable, Sendable {
    package let bits: UInt64

    package init(bits: UInt64) {
        self.bits = bits
    }
}

/// Bytes of ASCII, judged without `Character`.
enum Ascii {
    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// A positive decimal number of at most four digits without leading zeros.
    static func number(_ digits: some Collection<UInt8>) -> Int? {
        guard (1...4).contains(digits.count), digits.first != 0x30 else { return nil }
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }
}
