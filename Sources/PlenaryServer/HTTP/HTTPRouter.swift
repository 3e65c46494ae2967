package import Sessions
package import Tickets
package import WebSocket

/// Decides what a request gets; nothing is done here.
///
/// A path is compared as it was sent: nothing is decoded (but for a person's id), joined or tidied up, so `..%2f`,
/// `%00`, `//` and backslashes are just paths that do not exist. HEAD is answered where GET is (RFC 9110 section 9.1), apart from
/// the socket path, where there is nothing to tell without an upgrade.
package struct HTTPRouter: Sendable {
    /// What to do with a request.
    package enum Decision: Sendable {
        case respond(HTTPResponse)
        /// Answer with the metrics (`metricsResponse`).
        case metrics
        /// Answer when engine, journal or disk have said what there is to say.
        case operate(OperatorRequest)
        /// Send the bytes and go on as a WebSocket of this session.
        case upgrade(SessionID, response: [UInt8])
        /// As `respond`, and count it.
        case reject(HTTPResponse, Rejection)
    }

    package static let subprotocol = "plenary.v1"

    private let origins: OriginRule
    private let tickets: TicketVerifier
    private let page = PageFiles()

    /// For a server with these tickets and origins.
    package init(origins: OriginRule, tickets: TicketVerifier) {
        self.origins = origins
        self.tickets = tickets
    }

    /// The decision.
    ///
    /// `isAdmin`: the request came through the second listener, which asks for no tickets and shows no page. `wall`
    /// is the wall clock's time; `retryAfter` the seconds that somebody turned away should wait, drawn anew for
    /// each so that they do not all come back at once.
    package func decide(
        _ head: RequestHead,
        isAdmin: Bool = false,
        readiness: Readiness.State,
        wall: Milliseconds,
        retryAfter: Int
    ) -> Decision {
        switch head.path {
        case "/healthz":
            return readable(head) { .respond(HTTPResponse(.ok, text: "ok")) }
        case "/readyz":
            return readable(head) { .respond(Self.readyResponse(readiness)) }
        case "/metrics":
            return readable(head) { isAdmin ? .metrics : metrics(head, wall: wall) }
        default:
            break
        }
        if let resource = OperatorResource(path: head.path),
            isAdmin || !Self.isForSocket(head, resource)
        {
            return operate(head, resource, isAdmin: isAdmin, wall: wall)
        }
        guard !isAdmin else { return Self.notFound }
        if let response = page.response(for: head.path) {
            return readable(head) { .respond(response) }
        }
        guard let session = Self.session(inPath: head.path) else { return Self.notFound }
        return upgrade(head, session, readiness: readiness, retryAfter: retryAfter)
    }

    /// What is told of an upgrade that `decide` has refused for its origin; nil for other requests.
    package func originRefusal(_ head: RequestHead) -> OriginRefusal? {
        Self.session(inPath: head.path) == nil ? nil : origins.refusal(of: head)
    }

    /// The response to `.metrics`.
    package static func metricsResponse(_ text: String) -> HTTPResponse {
        HTTPResponse(.ok, fields: [HTTPField("Content-Type", Exposition.contentType)], body: Array(text.utf8))
    }

    private static let notFound = Decision.reject(
        HTTPResponse(.notFound, text: "There is nothing here."),
        .noSuchPath
    )

    /// `/v1/sessions/{id}` and nothing behind it.
    private static func session(inPath path: String) -> SessionID? {
        let prefix = "/v1/sessions/"
        guard path.utf8.starts(with: prefix.utf8) else { return nil }
        return SessionID(path.utf8.dropFirst(prefix.utf8.count))
    }

    private static func readyResponse(_ readiness: Readiness.State) -> HTTPResponse {
        switch readiness {
        case .ready: HTTPResponse(.ok, text: "ready")
        case .starting: HTTPResponse(.serviceUnavailable, text: "starting")
        case .stalled: HTTPResponse(.serviceUnavailable, text: "a queue stands still")
        case .draining: HTTPResponse(.serviceUnavailable, text: "going away")
        }
    }
}

extension HTTPRouter {
    private func readable(_ head: RequestHead, _ answer: () -> Decision) -> Decision {
        guard head.method == "GET" || head.method == "HEAD" else {
            let response = HTTPResponse(
                .methodNotAllowed,
                fields: [HTTPField("Allow", "GET, HEAD")],
                text: "This can be read, and nothing else."
            )
            return .reject(response, .method)
        }
        return answer()
    }

    private func upgrade(
        _ head: RequestHead,
        _ session: SessionID,
        readiness: Readiness.State,
        retryAfter: Int
    ) -> Decision {
        if head.method == "GET" {
            guard origins.allows(head) else {
                return .reject(
                    HTTPResponse(.forbidden, text: "This page may not connect from where it is."),
                    .origin
                )
            }
            guard readiness == .ready || readiness == .stalled else {
                let response = HTTPResponse(
                    .serviceUnavailable,
                    fields: [HTTPField("Retry-After", "\(retryAfter)")],
                    text: "The server is not ready; come back in a few seconds."
                )
                return .reject(response, .notReady)
            }
        }
        switch Upgrade.check(head, subprotocols: [Self.subprotocol]) {
        case .accepted(let response, _): return .upgrade(session, response: response)
        case .refused(let response):
            return .reject(response, response.status == .methodNotAllowed ? .method : .handshake)
        }
    }

    private func metrics(_ head: RequestHead, wall: Milliseconds) -> Decision {
        isAdmin(head, wall: wall) ? .metrics : Self.unauthorized
    }

    /// RFC 6750 section 3.
    private static let unauthorized = Decision.reject(
        HTTPResponse(
            .unauthorized,
            fields: [HTTPField("WWW-Authenticate", "Bearer")],
            text: "This needs an admin's ticket: Authorization: Bearer TICKET."
        ),
        .unauthorized
    )

    /// The path of a session is a participant's and an operator's: whoever wants to upgrade is the one, whoever shows a
    /// ticket in the head or does not use GET is the other.
    private static func isForSocket(_ head: RequestHead, _ resource: OperatorResource) -> Bool {
        guard case .session = resource else { return false }
        if head.field(named: "Upgrade") != nil { return true }
        return head.method == "GET" && head.field(named: "Authorization") == nil
    }

    private func operate(
        _ head: RequestHead,
        _ resource: OperatorResource,
        isAdmin: Bool,
        wall: Milliseconds
    ) -> Decision {
        guard resource.methods.contains(head.method) else {
            let allowed = resource.methods.joined(separator: ", ")
            let response = HTTPResponse(
                .methodNotAllowed,
                fields: [HTTPField("Allow", allowed)],
                text: "Here there is \(allowed), and nothing else."
            )
            return .reject(response, .method)
        }
        guard isAdmin || self.isAdmin(head, wall: wall) else { return Self.unauthorized }
        // Where no ticket is asked for, a web page that a browser lets in by mistake must not do harm.
        guard !isAdmin || head.method != "DELETE" || head.field(named: "Origin") == nil else {
            return .reject(HTTPResponse(.forbidden, text: "Web pages may not erase anything."), .origin)
        }
        guard let request = resource.request(method: head.method, query: head.query) else {
            return .reject(HTTPResponse(.badRequest, text: resource.queries), .query)
        }
        return .operate(request)
    }

    /// RFC 6750 section 2.1; the scheme in any case (RFC 9110 section 11.1).
    private func isAdmin(_ head: RequestHead, wall: Milliseconds) -> Bool {
        let values = head.fields(named: "Authorization")
        guard values.count == 1, let value = values.first else { return false }
        let bytes = Array(value.utf8)
        let scheme = Array("bearer ".utf8)
        guard bytes.count > scheme.count, bytes.prefix(scheme.count).map({ $0 | 0x20 }) == scheme else {
            return false
        }
        do {
            try tickets.checkAdmin(Array(bytes.dropFirst(scheme.count)), at: wall)
            return true
        } catch {
            return false
        }
    }
}
