/// One message of the server as a client reads it: for the load driver and the tests.
package struct ServerMessage: Sendable {
    /// The command that is answered; nil for pushes, notices, and errors of messages without an id.
    package let re: Int64?
    /// The event's number, of a push; of a notice, the last event that it knows, if it says so.
    package let seq: Int?
    /// The event's time, of a push.
    package let at: Int64?
    /// What a push or notice is about.
    private let on: JSONValue?
    /// What a command came to.
    package let ok: JSONObject?
    /// Why it was turned down.
    package let error: JSONObject?
    /// The whole message.
    package var body: JSONObject

    fileprivate init(_ message: JSONObject) {
        body = message
        re = body.take("re")?.integer
        seq = body.take("seq")?.integer.map(Int.init)
        at = body.take("at")?.integer
        on = body.take("on")
        ok = body.take("ok")?.object
        error = body.take("error")?.object
    }

    package var isReply: Bool { ok != nil || error != nil }
    package var isPush: Bool { on != nil && at != nil }
    package var isNotice: Bool { on != nil && at == nil }

    /// Whether this is a push or notice of this name.
    package func isOn(_ name: JSONLiteral) -> Bool { on?.isText(name) ?? false }

    /// The name of a push or notice.
    package var name: [UInt8]? { on?.text }

    /// The code of an error.
    package var errorCode: [UInt8]? {
        guard var error else { return nil }
        return error.take("code")?.text
    }
}

/// Reads what the server sends; its buffers are used again, so let a message go before the next.
package struct ServerMessageReader: Sendable {
    private var reader = JSONReader(maxBytes: JSONLimits.maxBytesFromServer)

    package init() {}

    /// Reads one message.
    ///
    /// Clients ignore what they do not know, so only what is not JSON is an error.
    package mutating func read(_ bytes: [UInt8]) throws(JSONFault) -> ServerMessage {
        ServerMessage(try reader.read(bytes))
    }
}
