import SessionProtocol
import Tickets
import Transport

/// One person who comes into a session and goes at once, waited for: what the server thinks of a ticket and of a session.
struct FirstJoin {
    var target: TargetURL
    var options: EveningOptions
    var session: String
    var community: String

    /// The reply to the join.
    ///
    /// - Throws: why there was none.
    func ask(_ role: Cast.Role) throws(FirstJoinFault) -> JSONObject {
        let ticket: [UInt8]
        let sockets: ClientSockets
        do {
            ticket = try role.ticket(
                session: session,
                community: community,
                at: options.startedAt,
                by: TicketWriter(secret: options.secret)
            )
            sockets = try ClientSockets()
        } catch {
            throw .lost("\(error)")
        }
        let gathering = Gathering(Cast.Troupe(session: session, community: community, people: [role]))
        let person = Person(role, in: gathering, number: 0, ticket: ticket, seed: 1)
        return try ask(on: person.lines[0], sockets)
    }

    private func ask(on line: Line, _ sockets: ClientSockets) throws(FirstJoinFault) -> JSONObject {
        do throws(SystemFailure) {
            line.begin(on: try sockets.connect(to: target.address, tls: target.tls))
        } catch {
            throw .lost(error.description)
        }
        var reader = ServerMessageReader()
        var reply: JSONObject?
        var fault: FirstJoinFault?
        let end = ContinuousClock.now + .seconds(10)
        while reply == nil, fault == nil, ContinuousClock.now < end {
            sockets.turn(atMostMilliseconds: 100) { happening in
                switch happening {
                case .opened(let socket): sockets.send(line.greet(host: target.host), on: socket)
                case .received(let socket, let bytes):
                    line.receive(bytes) { came in
                        switch came {
                        case .opened: sockets.send(line.join(due: 0), on: socket)
                        case .message(let message):
                            let told = try? reader.read(message)
                            if let code = told?.errorCode {
                                fault = .refused(String(decoding: code, as: UTF8.self))
                            }
                            if let ok = told?.ok { reply = ok }
                        case .refused(let why): fault = .lost("the handshake was refused: \(why)")
                        // Why it closes stands in the reply before it, if there is one.
                        case .closed(let code, _): fault = fault ?? .closed(code ?? 0)
                        case .broken(let what): fault = .lost(what)
                        case .ping: break
                        }
                    }
                case .closed: fault = fault ?? .lost("the connection was closed")
                }
            }
        }
        if let reply { return reply }
        throw fault ?? .lost("no answer within 10 s")
    }
}

/// Why somebody did not get in.
enum FirstJoinFault: Error, Equatable {
    /// The join was refused with this code of the protocol.
    case refused(String)
    /// The connection was closed with this code, or 0 for none.
    case closed(Int)
    /// There was no reply, for this reason.
    case lost(String)

    var sentence: String {
        switch self {
        case .refused(let code): code
        case .closed(let code): "closed with \(code)"
        case .lost(let why): why
        }
    }
}
