/// The client's opening handshake: the request to send, and the strict check of the answer (RFC 6455 section 4.1).
package struct ClientHandshake: Sendable {
    /// What became of the bytes.
    package enum Progress: Sendable, Equatable {
        case needsMore
        /// The connection is open; `consumed` of the bytes fed last belong to the response, the rest are frames.
        case accepted(ResponseHead, subprotocol: String?, consumed: Int)
        /// The connection is to be closed (section 4.1: "fail the WebSocket connection").
        case refused(Refusal)
    }

    /// Why there is no connection.
    package enum Refusal: Error, Sendable, Equatable {
        /// An HTTP answer other than 101, with its fields (such as `Retry-After`).
        case status(ResponseHead)
        /// Not an HTTP/1.1 response, or longer than the limits.
        case malformed
        /// A 101 that does not follow from our request: the rule that it breaks.
        case mismatch(String)
    }

    /// The bytes to send.
    package let request: [UInt8]
    private let accept: String
    private let subprotocols: [String]
    private var parser: ResponseHeadParser
    private var isSpent = false

    /// A handshake with one server.
    ///
    /// `host` has the port, if it is not the scheme's own; `target` is path and query; `key` 16 random bytes, new for
    /// each connection (section 4.1 item 7); `subprotocols` are offered in the order of preference; `fields` are more
    /// of them, such as `Origin`.
    package init(
        host: String,
        target: String,
        key: [UInt8],
        subprotocols: [String] = [],
        fields: [HTTPField] = [],
        limits: HandshakeLimits = HandshakeLimits()
    ) {
        let key = Base64.encode(key)
        var all = [
            HTTPField("Host", host), HTTPField("Upgrade", "websocket"), HTTPField("Connection", "Upgrade"),
            HTTPField("Sec-WebSocket-Key", key), HTTPField("Sec-WebSocket-Version", "13"),
        ]
        if !subprotocols.isEmpty {
            all.append(HTTPField("Sec-WebSocket-Protocol", subprotocols.joined(separator: ", ")))
        }
        var text = "GET \(target) HTTP/1.1\r\n"
        for field in all + fields { text += "\(field.name): \(field.value)\r\n" }
        request = Array((text + "\r\n").utf8)
        accept = AcceptKey.answer(to: key)
        self.subprotocols = subprotocols
        parser = ResponseHeadParser(limits: limits)
    }

    /// Reads on.
    ///
    /// After anything but `needsMore` the handshake is spent.
    package mutating func feed(_ bytes: Span<UInt8>) -> Progress {
        guard !isSpent else { return .refused(.malformed) }
        switch parser.feed(bytes) {
        case .needsMore:
            return .needsMore
        case .malformed:
            isSpent = true
            return .refused(.malformed)
        case .head(let head, let consumed):
            isSpent = true
            do throws(Refusal) {
                let subprotocol = try verify(head)
                return .accepted(head, subprotocol: subprotocol, consumed: consumed)
            } catch {
                return .refused(error)
            }
        }
    }

    /// Section 4.1, the six steps after "once the client's opening handshake has been sent".
    private func verify(_ head: ResponseHead) throws(Refusal) -> String? {
        guard head.status == HTTPStatus.switchingProtocols.code else { throw .status(head) }
        let upgrades = head.fields(named: "Upgrade")
        guard upgrades.count == 1, ASCII.areEqual(upgrades.first ?? "", "websocket") else {
            throw .mismatch("Upgrade is not websocket")
        }
        let options = ASCII.listElements(head.fields(named: "Connection"))
        guard options.contains(where: { ASCII.areEqual($0, "upgrade") }) else {
            throw .mismatch("Connection is not Upgrade")
        }
        guard head.fields(named: "Sec-WebSocket-Accept") == [accept] else {
            throw .mismatch("Sec-WebSocket-Accept does not answer our key")
        }
        guard head.fields(named: "Sec-WebSocket-Extensions").isEmpty else {
            throw .mismatch("an extension that we did not offer")
        }
        let chosen = head.fields(named: "Sec-WebSocket-Protocol")
        guard let subprotocol = chosen.first else { return nil }
        guard chosen.count == 1, subprotocols.contains(subprotocol) else {
            throw .mismatch("a subprotocol that we did not offer")
        }
        return subprotocol
    }
}
