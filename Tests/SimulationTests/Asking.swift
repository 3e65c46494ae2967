import Fanout
import SessionEngine
import SessionProtocol
import Sessions

/// How a command gets from a device to the engine: mostly as the bytes that a client would send, decoded as the loop
/// does it; some of them spoilt on the way.
extension World {
    /// A device asks; what it asks is answered, or the connection goes.
    ///
    /// As bytes, the decoder's limits stand before the engine's; without them the engine's own are reached.
    func ask(_ index: Int, _ command: SessionCommand, ifSeq: Int? = nil) {
        guard case .joined(let connection) = devices[index].link else { return }
        let id = devices[index].takeID()
        let ifSeq = command.kind.edits == nil ? nil : ifSeq
        note("device \(index) #\(id) \(brief(command)) \(ifSeq.map { "ifSeq \($0)" } ?? "")")
        if chance(1, in: 5) {
            send(index, connection, id: id, command, ifSeq: ifSeq)
            return
        }
        let bytes = CommandWriter.command(id: id, command, ifSeq: ifSeq)
        do throws(MessageFault) {
            let read = try decoder.decode(bytes, in: &devices[index].sequence)
            guard read == .command(id: id, command, ifSeq: ifSeq) else {
                failure = Broken("\(command) was spelled, and \(read) was read")
                return
            }
            send(index, connection, id: id, command, ifSeq: ifSeq)
        } catch {
            if case .refused(id, let refusal) = error {
                tally.decoderRefused(command.kind, refusal.code)
            } else {
                failure = Broken("\(command) was spelled, and could not be read: \(error)")
            }
        }
    }

    /// A device sends something that is a command no more, or another one.
    func askSpoilt(_ index: Int, _ command: SessionCommand) {
        guard case .joined(let connection) = devices[index].link else { return }
        var command = command
        // Not to be taken for what a person says again.
        if case .sendChat(var message) = command {
            message.key = nil
            command = .sendChat(message)
        }
        let id = devices[index].takeID()
        let bytes = spoil(CommandWriter.command(id: id, command, ifSeq: nil))
        note("device \(index) #\(id) spoils \(String(decoding: bytes.prefix(120), as: UTF8.self))")
        tally.spoilt += 1
        do throws(MessageFault) {
            let read = try decoder.decode(bytes, in: &devices[index].sequence)
            guard case .command(let id, let decoded, let ifSeq) = read else { return }
            devices[index].skipIDs(to: id)
            send(index, connection, id: id, decoded, ifSeq: ifSeq)
        } catch {
            turnDown(error, of: index, command.kind)
        }
    }

    private func send(
        _ index: Int,
        _ connection: ConnectionID,
        id: Int64,
        _ command: SessionCommand,
        ifSeq: Int?
    ) {
        if case .openBreakouts(let plan) = command, plan.names {
            // Whoever names people may want it otherwise than a rule.
            plan.seed.map { _ = seedsWithNames.insert($0) }
        }
        devices[index].asked.append(Device.Asked(id: id, command: command, ifSeq: ifSeq))
        inbox.append(.command(connection, id: id, command, ifSeq: ifSeq))
    }

    /// What the loop itself answers; the third malformed message ends the connection.
    private func turnDown(_ fault: MessageFault, of index: Int, _ kind: CommandKind) {
        switch fault {
        case .refused(let id, let refusal):
            devices[index].skipIDs(to: id)
            tally.decoderRefused(kind, refusal.code)
        case .malformed(let id, _):
            if let id { devices[index].skipIDs(to: id) }
            tally.malformed += 1
            if devices[index].sequence.isExhausted(decoder.limits) { drop(index, .closed) }
        case .outOfTurn: drop(index, .closed)
        }
    }

    // MARK: - Spoiling

    /// Something that clients do wrong.
    private func spoil(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        switch random.below(12) {
        case 0: return Array(bytes.prefix(random.below(bytes.count)))
        case 1: return bytes + Array("}".utf8)
        case 2: return insert(#""unheardOf":1,"#, into: bytes)
        case 3: return insert(#""do":"time.sync","#, into: bytes)
        case 4: return insert(#""ifSeq":\#(random.below(3) - 1),"#, into: bytes)
        case 5:
            return replace(bytes, pick(["\"", ":", ",", "{"]), by: pick(["", "[", "null", "\\", "\u{0}"]))
        case 6:
            return replace(
                bytes,
                pick(["\"p", "\"b", "true", "1"]),
                by: pick(["7", "\"", "1.5", "[]", "-0"])
            )
        case 7:
            return replace(bytes, "\"do\":\"", by: pick(["\"do\":\"no.", "\"do\":7,\"x\":\"", "\"to\":\""]))
        case 8: return replace(bytes, "\"id\":", by: pick(["\"id\":-", "\"id\":1.0,\"i\":", "\"id\":0"]))
        case 9: return [0xEF, 0xBB, 0xBF] + bytes
        case 10: return insert("\"x\":" + String(repeating: "[", count: 20), into: bytes)
        default:
            for _ in 0...random.below(3) {
                bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
            }
            return bytes
        }
    }

    private func insert(_ text: String, into bytes: [UInt8]) -> [UInt8] {
        Array(bytes.prefix(1)) + Array(text.utf8) + Array(bytes.dropFirst())
    }

    private func replace(_ bytes: [UInt8], _ old: String, by new: String) -> [UInt8] {
        let old = Array(old.utf8)
        guard bytes.count >= old.count else { return bytes }
        let places = bytes.indices.filter { bytes[$0...].starts(with: old) }
        guard !places.isEmpty else { return bytes }
        let place = pick(places)
        return Array(bytes[..<place]) + Array(new.utf8) + Array(bytes[(place + old.count)...])
    }

    private func brief(_ command: SessionCommand) -> String {
        guard case .sendChat(let message) = command else {
            return "\(command)".replacing("Sessions.", with: "")
        }
        let key = message.key.map { String(decoding: $0.utf8, as: UTF8.self) } ?? "-"
        return "says \(message.text.utf8.count) bytes to \(message.target), key \(key)"
    }
}

extension OpenBreakouts {
    /// Somebody is named in it.
    var names: Bool { !facilitators.isEmpty || (rooms ?? []).contains { !$0.people.isEmpty } }
}
