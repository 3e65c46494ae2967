import Sessions
import Tickets
import WebSocket

/// What a server is spoken to in.
enum BenchDialect: String {
    /// The protocol: a ticket, a session for each room, `chat.send`.
    case plenary
    /// `/room/<n>`: every text message goes to all members of the room, the sender included, unchanged.
    case bare

    /// The opening handshake of a member of this room.
    func handshake(room: Int) -> ClientHandshake {
        ClientHandshake(
            host: "127.0.0.1",
            target: self == .plenary ? "/v1/sessions/\(Self.session(room))" : "/room/\(room)",
            key: Self.key,
            subprotocols: self == .plenary ? ["plenary.v1"] : []
        )
    }

    /// A ticket for this member, who is one of a school of fifty.
    static func ticket(member: Int, room: Int, isHost: Bool, secret: Secret) throws(TicketFault) -> [UInt8] {
        guard let person = PersonID(person(member).utf8), let session = SessionPattern(session(room).utf8)
        else { throw .claims }
        let claims = TicketClaims(
            person: person,
            name: Text("Participant \(member)"),
            school: Text("School \(member / 50)"),
            role: isHost ? .host : .participant,
            session: session,
            expiresAt: 4_000_000_000_000
        )
        return Array(try TicketWriter(secret: secret).ticket(claims).utf8)
    }

    /// The key need only be unforeseeable to pages in browsers (RFC 6455 section 10.3).
    private static let key = [UInt8](repeating: 7, count: 16)

    private static func session(_ room: Int) -> String { "bench-\(room)" }

    /// The id of a member.
    static func person(_ member: Int) -> String { "p" + digits(member, count: 6) }

    /// A number with zeros before it.
    static func digits(_ number: Int, count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
