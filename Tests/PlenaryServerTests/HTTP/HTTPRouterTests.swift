import PlenaryServer
import Sessions
import Testing
import Tickets
import WebSocket

struct HTTPRouterTests {
    private func router() throws -> HTTPRouter {
        HTTPRouter(origins: OriginRule(), tickets: try TicketFixture.verifier())
    }

    private func decide(
        _ method: String = "GET",
        _ path: String,
        fields: [HTTPField] = [],
        isAdmin: Bool = false,
        readiness: Readiness.State = .ready
    ) throws -> HTTPRouter.Decision {
        let all = [HTTPField("Host", "127.0.0.1:8080")] + fields
        return try router().decide(
            RequestHead(method: method, target: path, path: path, fields: all),
            isAdmin: isAdmin,
            readiness: readiness,
            wall: TicketFixture.now,
            retryAfter: 7
        )
    }

    private func response(_ decision: HTTPRouter.Decision) -> HTTPResponse? {
        switch decision {
        case .respond(let response), .reject(let response, _): response
        case .metrics, .operate, .upgrade: nil
        }
    }

    private func rejection(_ decision: HTTPRouter.Decision) -> Rejection? {
        if case .reject(_, let rejection) = decision { rejection } else { nil }
    }

    private let upgrade = [
        HTTPField("Upgrade", "websocket"), HTTPField("Connection", "Upgrade"),
        HTTPField("Sec-WebSocket-Version", "13"), HTTPField("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        HTTPField("Sec-WebSocket-Protocol", "plenary.v1"),
    ]

    @Test func `the page comes with its policy`() throws {
        let page = try #require(response(try decide("/")))
        #expect(page.status == .ok)
        let fields = Dictionary(page.fields.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(fields["Content-Type"]?.hasPrefix("text/html") == true)
        #expect(fields["X-Content-Type-Options"] == "nosniff")
        #expect(fields["Referrer-Policy"] == "no-referrer")
        let policy = try #require(fields["Content-Security-Policy"])
        #expect(
            policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
        )
        #expect(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"))
        #expect(!page.body.isEmpty)
    }

    @Test func `whatever the page asks for is there`() throws {
        let page = try #require(response(try decide("/")))
        let text = String(decoding: page.body, as: UTF8.self)
        let references = text.matches(of: /(?:src|href)="(\/?[A-Za-z0-9.\/_-]+\.(?:js|css|svg))"/).map {
            String($0.output.1)
        }
        #expect(!references.isEmpty)
        for reference in references {
            let path = reference.hasPrefix("/") ? reference : "/\(reference)"
            #expect(response(try decide(path))?.status == .ok, "\(path)")
        }
    }

    @Test func `HEAD is answered where GET is, and nothing else is`() throws {
        for path in ["/", "/healthz", "/readyz"] {
            #expect(response(try decide("HEAD", path))?.status == .ok)
            for method in ["POST", "OPTIONS", "DELETE", "get"] {
                let decision = try decide(method, path)
                #expect(response(decision)?.status == .methodNotAllowed)
                #expect(response(decision)?.fields.first == HTTPField("Allow", "GET, HEAD"))
                #expect(rejection(decision) == .method)
            }
        }
    }

    @Test(arguments: ["POST", "HEAD", "OPTIONS", "PUT"])
    func `the socket path takes GET alone`(method: String) throws {
        let decision = try decide(method, "/v1/sessions/evening", fields: upgrade)
        #expect(response(decision)?.status == .methodNotAllowed)
        #expect(response(decision)?.fields.contains(HTTPField("Allow", "GET")) == true)
        #expect(rejection(decision) == .method)
    }

    @Test(arguments: [
        "", "*", "//", "/index.html/", "/./", "/../", "/..%2f", "/%2e%2e/", "/%00", "/v1/sessions/",
        "/v1/sessions//evening", "/v1//sessions/evening", "/v1/sessions/evening/", "/v1/sessions/..",
        "/v1/sessions/evening%00", "/v1/sessions/evening%2f..", "/v1/sessions/a\\b",
        "\\v1\\sessions\\evening",
        "/v1/sessions/-evening", "/v1/sessions/eve ning", "/v1/sessions/\u{E9}", "/V1/sessions/evening",
        "/v1/sessions/evening/attendance/", "/v1/sessions//attendance", "/v2/sessions/evening", "/healthz/",
        "/healthz%20", "/metrics/",
        "/etc/passwd", "/v1/sessions/" + String(repeating: "a", count: 65),
    ])
    func `other paths do not exist`(path: String) throws {
        let decision = try decide("GET", path, fields: upgrade)
        #expect(response(decision)?.status == .notFound)
        #expect(rejection(decision) == .noSuchPath)
    }

    @Test func `a good request is upgraded to its session`() throws {
        guard
            case .upgrade(let session, let response) = try decide(
                "GET",
                "/v1/sessions/evening-1.a_b",
                fields: upgrade
            )
        else {
            Issue.record("not upgraded")
            return
        }
        #expect(session.text == "evening-1.a_b")
        let text = String(decoding: response, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 101 "))
        #expect(text.contains("Sec-WebSocket-Protocol: plenary.v1\r\n"))
    }

    @Test func `a page of elsewhere is forbidden`() throws {
        let evil = [HTTPField("Origin", "http://evil.example")]
        let decision = try decide("GET", "/v1/sessions/evening", fields: upgrade + evil)
        #expect(response(decision)?.status == .forbidden)
        #expect(rejection(decision) == .origin)
        let own = [HTTPField("Origin", "http://127.0.0.1:8080")]
        guard case .upgrade = try decide("GET", "/v1/sessions/evening", fields: upgrade + own) else {
            Issue.record("our own page is kept out")
            return
        }
    }

    @Test func `a request without upgrade is told so, and one for another protocol`() throws {
        let plain = try decide("GET", "/v1/sessions/evening")
        #expect(response(plain)?.status == .upgradeRequired)
        #expect(rejection(plain) == .handshake)
        let other = upgrade.dropLast() + [HTTPField("Sec-WebSocket-Protocol", "chat")]
        #expect(
            response(try decide("GET", "/v1/sessions/evening", fields: Array(other)))?.status == .badRequest
        )
    }

    @Test(arguments: [Readiness.State.starting, .draining])
    func `who comes too early or too late is told when to come back`(readiness: Readiness.State) throws {
        let decision = try decide("GET", "/v1/sessions/evening", fields: upgrade, readiness: readiness)
        #expect(response(decision)?.status == .serviceUnavailable)
        #expect(response(decision)?.fields.first == HTTPField("Retry-After", "7"))
        #expect(rejection(decision) == .notReady)
        #expect(response(try decide("/readyz", readiness: readiness))?.status == .serviceUnavailable)
        #expect(response(try decide("/healthz", readiness: readiness))?.status == .ok)
    }

    @Test func `a stalled server says so and takes people nevertheless`() throws {
        #expect(response(try decide("/readyz", readiness: .stalled))?.status == .serviceUnavailable)
        guard case .upgrade = try decide("GET", "/v1/sessions/evening", fields: upgrade, readiness: .stalled)
        else {
            Issue.record("nobody gets in")
            return
        }
    }

    @Test func `metrics need an admin's ticket`() throws {
        let admin = try TicketFixture.token(claims: #"{"sub":"ops","role":"admin","exp":1790003600}"#)
        let good = String(decoding: admin, as: UTF8.self)
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let fields = [HTTPField("Authorization", "\(scheme) \(good)")]
            guard case .metrics = try decide("GET", "/metrics", fields: fields) else {
                Issue.record("\(scheme) is refused")
                continue
            }
        }
        let host = String(decoding: try TicketFixture.token(), as: UTF8.self)
        let bad = [
            "", "Bearer", "Bearer ", "Bearer x", "Basic \(good)", good, "Bearer \(host)", "Bearer  \(good)",
        ]
        for value in bad {
            let decision = try decide("GET", "/metrics", fields: [HTTPField("Authorization", value)])
            #expect(response(decision)?.status == .unauthorized)
            #expect(response(decision)?.fields.first == HTTPField("WWW-Authenticate", "Bearer"))
            #expect(rejection(decision) == .unauthorized)
        }
        let twice = [
            HTTPField("Authorization", "Bearer \(good)"), HTTPField("Authorization", "Bearer \(good)"),
        ]
        #expect(rejection(try decide("GET", "/metrics", fields: twice)) == .unauthorized)
        #expect(rejection(try decide("GET", "/metrics")) == .unauthorized)
    }

    @Test func `the admin's listener shows metrics to everybody and nothing of the service`() throws {
        guard case .metrics = try decide("GET", "/metrics", isAdmin: true) else {
            Issue.record("no metrics")
            return
        }
        #expect(response(try decide("GET", "/readyz", isAdmin: true))?.status == .ok)
        #expect(rejection(try decide("GET", "/", isAdmin: true)) == .noSuchPath)
        guard
            case .operate(.session) = try decide(
                "GET",
                "/v1/sessions/evening",
                fields: upgrade,
                isAdmin: true
            )
        else {
            Issue.record("somebody takes a seat through the admin's entrance")
            return
        }
    }
}

extension HTTPRouterTests {
    private func decide(_ path: String, readiness: Readiness.State = .ready) throws -> HTTPRouter.Decision {
        try decide("GET", path, readiness: readiness)
    }
}
