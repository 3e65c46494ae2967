import Sessions

/// Reads what clients send: envelope, command, fields (DESIGN 6).
///
/// One decoder serves all connections of a loop, one message after the other; its buffers are used again.
package struct MessageDecoder: Sendable {
    package let limits: ProtocolLimits
    private var reader: JSONReader
    private let rules: FieldRules

    package init(limits: ProtocolLimits) {
        self.limits = limits
        reader = JSONReader(maxBytes: limits.messageBytes)
        rules = FieldRules(limits)
    }

    /// Decodes the next message of a connection and keeps its sequence.
    ///
    /// A message whose `id` does not rise is malformed before anything else is asked of it.
    package mutating func decode(
        _ message: [UInt8],
        in sequence: inout CommandSequence
    ) throws(MessageFault) -> ClientMessage {
        do throws(MessageFault) {
            let envelope = try open(message, in: &sequence)
            try sequence.checkTurn(of: envelope.id, isJoin: envelope.isJoin)
            let decoded = try decode(envelope)
            if envelope.isJoin { sequence.noteJoin() }
            return decoded
        } catch {
            if case .malformed = error { sequence.noteMalformed() }
            throw error
        }
    }

    /// Decodes a message on its own, whatever came before it.
    ///
    /// For tests and tools; it never throws `outOfTurn`.
    package mutating func decode(_ message: [UInt8]) throws(MessageFault) -> ClientMessage {
        var sequence = CommandSequence()
        return try decode(open(message, in: &sequence))
    }
}

// MARK: - The envelope

extension MessageDecoder {
    private struct Envelope {
        let id: Int64
        /// The value of `do`: a string.
        let name: Int
        let isJoin: Bool
        let object: JSONObject
    }

    private mutating func open(
        _ message: [UInt8],
        in sequence: inout CommandSequence
    ) throws(MessageFault) -> Envelope {
        var object: JSONObject
        do {
            object = try reader.read(message)
        } catch {
            throw .malformed(id: nil, reason: error.sentence)
        }
        let idNode = object.know("id")
        guard let id = idNode.flatMap({ object.tape.nodes[$0].integer(message.span) }), id >= 1 else {
            throw .malformed(id: nil, reason: "The id is missing, or is not an integer from 1 to 2^53 - 1.")
        }
        try sequence.take(id)
        guard let name = object.know("do"), object.tape.nodes[name].kind == .string else {
            throw .malformed(id: id, reason: "The command's name, do, is missing, or is not a string.")
        }
        let isJoin = object.tape.isText("session.join", at: name)
        return Envelope(id: id, name: name, isJoin: isJoin, object: object)
    }

    private func decode(_ envelope: Envelope) throws(MessageFault) -> ClientMessage {
        var fields = CommandFields(envelope.object, rules: rules)
        do throws(Refusal) {
            if envelope.isJoin { return .join(id: envelope.id, try fields.join()) }
            guard let kind = CommandKind(envelope.object.tape, envelope.name) else {
                throw Refusal(.unknownCommand)
            }
            let (command, ifSeq) = try fields.command(kind)
            return .command(id: envelope.id, command, ifSeq: ifSeq)
        } catch {
            throw .refused(id: envelope.id, error)
        }
    }
}

extension CommandKind {
    /// The longest name there is, with room to spare; what is longer is not made a `String` of.
    private static let maxNameBytes = 32

    /// The command of this name.
    fileprivate init?(_ tape: JSONTape, _ name: Int) {
        // By far the most frequent, and the one whose path makes no String.
        if tape.isText("chat.send", at: name) {
            self = .sendChat
            return
        }
        guard let byteCount = tape.nodes[name].textByteCount, byteCount <= CommandKind.maxNameBytes else {
            return nil
        }
        self.init(rawValue: String(decoding: tape.text(of: name), as: UTF8.self))
    }
}

extension JSONFault {
    /// What is wrong, for the one who wrote the client.
    fileprivate var sentence: JSONLiteral {
        switch self {
        case .notObject: "The message is not a JSON object."
        case .encoding: "The message is not UTF-8, has a byte order mark or half a surrogate pair."
        case .syntax: "The message is not one JSON object."
        case .depth: "The message is nested more than 16 deep."
        case .members: "An object of the message has more than 64 members."
        case .duplicateKey: "An object of the message has the same key twice."
        case .tooLong: "The message is longer than messages may be."
        }
    }
}
