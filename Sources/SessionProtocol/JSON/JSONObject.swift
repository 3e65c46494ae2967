/// One object of a message.
///
/// Its members are asked for by name, in any order; what nobody asked for is unknown and can be named:
///
///     var command = try reader.read(message)
///     let id = command.take("id")?.integer
///     let name = command.take("name")?.text
///     if let unknown = command.firstUntaken { … }
package struct JSONObject: Sendable {
    let tape: JSONTape
    private let node: Int
    /// One bit a member, in the order of the text.
    private var taken: UInt64 = 0
    /// The member after the last that was taken, and its key: most texts are read in their own order.
    private var likelyMember = 0
    private var likelyKey: Int

    /// The bits of its keys' signatures, and others when these are not known.
    private let signatures: UInt64

    init(tape: JSONTape, node: Int, signatures: UInt64 = .max) {
        self.tape = tape
        self.node = node
        self.signatures = signatures
        likelyKey = node + 1
    }

    /// The number of members.
    package var count: Int { Int(tape.nodes[node].end) }

    /// The value of the member of this name, which is known from now on, or nil if there is none.
    ///
    /// A member that is null is there: ask the value `isNull`.
    package mutating func take(_ name: JSONLiteral) -> JSONValue? {
        guard let node = know(name) else { return nil }
        return JSONValue(tape: tape, node: node)
    }

    /// Makes the member of this name known, if there is one, whatever its value is.
    ///
    /// - Returns: the node of its value, to be asked of the tape: whoever only reads it needs no `JSONValue`, which holds
    ///   the tape for itself.
    @discardableResult
    mutating func know(_ name: JSONLiteral) -> Int? {
        guard let (member, key) = find(name) else { return nil }
        taken |= 1 << UInt64(member)
        likelyMember = member + 1
        likelyKey = tape.nodes.span.indexAfterValue(key + 1)
        return key + 1
    }

    /// The value of the member of this name, or nil if there is none; it does not become known by that.
    package subscript(name: JSONLiteral) -> JSONValue? {
        find(name).map { JSONValue(tape: tape, node: $0.key + 1) }
    }

    /// Goes once round all members, the likely one first.
    private func find(_ name: JSONLiteral) -> (member: Int, key: Int)? {
        let nodes = tape.nodes.span
        let signature = JSONNode.signature(name.utf8.span)
        guard signatures & JSONNode.bit(of: signature) != 0 else { return nil }
        let count = Int(nodes[node].end)
        var (member, key) = (likelyMember, likelyKey)
        for _ in 0..<count {
            if member == count { (member, key) = (0, node + 1) }
            if nodes[key].link == signature, nodes[key].isText(name, tape.bytes.span) {
                return (member, key)
            }
            member += 1
            key = nodes.indexAfterValue(key + 1)
        }
        return nil
    }

    /// Whether there are members that were never taken.
    var hasUntaken: Bool { taken.nonzeroBitCount < count }

    /// The name of the first member that was never taken, or nil if there is none.
    ///
    /// These are the client's bytes: UTF-8, and nothing else is known about them.
    package var firstUntaken: [UInt8]? {
        var key = node + 1
        for member in 0..<count {
            if taken & 1 << UInt64(member) == 0 { return tape.text(of: key) }
            key = tape.nodes.span.indexAfterValue(key + 1)
        }
        return nil
    }

    /// All members in the order of the text.
    package var members: JSONMembers { JSONMembers(tape: tape, nextNode: node + 1, left: count) }
}

/// The members of an object in the order of the text: name (escapes resolved) and value.
package struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    fileprivate let tape: JSONTape
    fileprivate var nextNode: Int
    fileprivate var left: Int

    /// The next member, or nil after the last.
    package mutating func next() -> (name: [UInt8], value: JSONValue)? {
        guard left > 0 else { return nil }
        left -= 1
        let key = nextNode
        nextNode = tape.nodes.span.indexAfterValue(key + 1)
        return (tape.text(of: key), JSONValue(tape: tape, node: key + 1))
    }
}
