/// Turns an HTTP/1.1 request into a WebSocket connection, or says why not (RFC 6455 section 4.2).
///
/// Whether the path exists, the origin may connect and there is room is not asked here.
package enum Upgrade {
    /// What the request is answered with.
    package enum Answer: Sendable, Equatable {
        /// The bytes of the 101 response; frames may follow at once.
        case accepted(response: [UInt8], subprotocol: String?)
        /// To be sent; then the connection is closed.
        case refused(HTTPResponse)
    }

    /// Checks the request and writes the answer.
    ///
    /// When we have subprotocols, the client must offer one of them; the first of its list that is ours is taken
    /// (section 4.2.2 item 5). When we have none, its offers are passed over. `fields` go into the 101 response.
    package static func check(
        _ head: RequestHead,
        subprotocols: [String] = [],
        fields: [HTTPField] = []
    ) -> Answer {
        if let refusal = refusalOfRequest(head) { return .refused(refusal) }
        // Section 4.2.1 items 5 and 6; section 11.3.1: the key appears once.
        let keys = head.fields(named: "Sec-WebSocket-Key")
        guard keys.count == 1, let key = keys.first, Base64.decode(key)?.count == AcceptKey.keyBytes else {
            return refused(.badRequest, "There must be one Sec-WebSocket-Key: 16 bytes in base64.")
        }
        var answer = [
            HTTPField("Upgrade", "websocket"), HTTPField("Connection", "Upgrade"),
            HTTPField("Sec-WebSocket-Accept", AcceptKey.answer(to: key)),
        ]
        var subprotocol: String?
        if !subprotocols.isEmpty {
            let offers = ASCII.listElements(head.fields(named: "Sec-WebSocket-Protocol"))
            guard offers.allSatisfy(ASCII.isToken) else {
                return refused(.badRequest, "Sec-WebSocket-Protocol is not a list of names.")
            }
            guard let chosen = offers.first(where: { offer in subprotocols.contains { offer == $0 } }) else {
                let ours = subprotocols.joined(separator: ", ")
                return refused(.badRequest, "This server speaks Sec-WebSocket-Protocol: \(ours).")
            }
            subprotocol = String(chosen)
            answer.append(HTTPField("Sec-WebSocket-Protocol", String(chosen)))
        }
        // Section 9.1: an extension that is not in the answer is declined; we take none.
        let response = HTTPResponse(.switchingProtocols, fields: answer + fields)
        return .accepted(response: response.bytes, subprotocol: subprotocol)
    }

    /// What a request lacks to be an upgrade to this version at all.
    private static func refusalOfRequest(_ head: RequestHead) -> HTTPResponse? {
        // Section 4.2.1 item 1.
        guard head.method == "GET" else {
            return HTTPResponse(
                .methodNotAllowed,
                fields: [HTTPField("Allow", "GET")],
                text: "A WebSocket connection begins with GET."
            )
        }
        // A body would be read as frames by one side and as a body by the other.
        guard head.field(named: "Content-Length") == nil, head.field(named: "Transfer-Encoding") == nil else {
            return HTTPResponse(.badRequest, text: "The request of a WebSocket connection has no body.")
        }
        // Section 4.2.1 item 3; RFC 9110 section 15.5.22: 426 says to what.
        guard listElements(of: head, "Upgrade", contain: "websocket") else {
            return upgradeRequired("This is a WebSocket address: the request needs Upgrade: websocket.")
        }
        // Section 4.2.1 item 4.
        guard listElements(of: head, "Connection", contain: "upgrade") else {
            return HTTPResponse(.badRequest, text: "The request needs Connection: Upgrade.")
        }
        // Section 4.2.1 item 6 and section 4.4; section 11.3.5: the version appears once.
        let versions = head.fields(named: "Sec-WebSocket-Version")
        guard versions.count <= 1 else {
            return HTTPResponse(.badRequest, text: "There must be one Sec-WebSocket-Version.")
        }
        guard versions.first == "13" else {
            return upgradeRequired("This server speaks version 13 of the WebSocket protocol.")
        }
        return nil
    }

    private static func upgradeRequired(_ sentence: String) -> HTTPResponse {
        HTTPResponse(
            .upgradeRequired,
            fields: [
                HTTPField("Upgrade", "websocket"), HTTPField("Connection", "Upgrade, close"),
                HTTPField("Sec-WebSocket-Version", "13"),
            ],
            text: sentence
        )
    }

    private static func refused(_ status: HTTPStatus, _ sentence: String) -> Answer {
        .refused(HTTPResponse(status, text: sentence))
    }

    private static func listElements(of head: RequestHead, _ name: String, contain wanted: String) -> Bool {
        ASCII.listElements(head.fields(named: name)).contains { ASCII.areEqual($0, wanted) }
    }
}
