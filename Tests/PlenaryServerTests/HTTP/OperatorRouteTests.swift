import PlenaryServer
import Sessions
import Testing
import Tickets
import WebSocket

/// The paths that operators read from and erase by.
struct OperatorRouteTests {
    private func decide(
        _ method: String,
        _ target: String,
        fields: [HTTPField] = [],
        isAdmin: Bool = false
    ) throws -> HTTPRouter.Decision {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        let head = RequestHead(
            method: method,
            target: target,
            path: parts[0],
            query: parts.count == 2 ? parts[1] : nil,
            fields: [HTTPField("Host", "127.0.0.1:8080")] + fields
        )
        let router = HTTPRouter(origins: OriginRule(), tickets: try TicketFixture.verifier())
        return router.decide(
            head,
            isAdmin: isAdmin,
            readiness: .ready,
            wall: TicketFixture.now,
            retryAfter: 7
        )
    }

    private func admin() throws -> HTTPField {
        let ticket = try TicketFixture.token(claims: #"{"sub":"ops","role":"admin","exp":1790003600}"#)
        return HTTPField("Authorization", "Bearer \(String(decoding: ticket, as: UTF8.self))")
    }

    private func request(_ method: String, _ target: String) throws -> OperatorRequest? {
        if case .operate(let request) = try decide(method, target, fields: [admin()]) { request } else { nil }
    }

    private func refusal(_ decision: HTTPRouter.Decision) -> (status: Int, why: Rejection)? {
        if case .reject(let response, let why) = decision { (response.status.code, why) } else { nil }
    }

    @Test func `each path is a request of its own`() throws {
        let evening = try TicketFixture.session()
        let person = try #require(PersonID("p@1:x+y".utf8))
        #expect(try request("GET", "/v1/sessions") == .sessions)
        #expect(try request("HEAD", "/v1/counters?") == .counters)
        #expect(try request("GET", "/v1/sessions/evening") == .session(evening))
        #expect(try request("GET", "/v1/sessions/evening/attendance") == .attendance(evening, .json))
        #expect(
            try request("GET", "/v1/sessions/evening/attendance?format=csv") == .attendance(evening, .csv)
        )
        #expect(try request("DELETE", "/v1/sessions/evening") == .eraseSession(evening))
        let cut = try request("DELETE", "/v1/sessions/evening/connections?person=p%401&seconds=45")
        let somebody = try #require(PersonID("p@1".utf8))
        #expect(cut == .cutOff(evening, somebody, seconds: 45))
        #expect(try request("DELETE", "/v1/rehearsals") == .eraseRehearsals(prefix: nil))
        let prefix = try #require(SessionID("load-a7-".utf8))
        #expect(try request("DELETE", "/v1/rehearsals?prefix=load-a7-") == .eraseRehearsals(prefix: prefix))
        #expect(try request("GET", "/v1/people/p@1:x+y") == .person(person, .json))
        #expect(try request("GET", "/v1/people/p%401%3Ax%2By?format=text") == .person(person, .text))
        #expect(try request("DELETE", "/v1/people/p%401%3ax%2by") == .erasePerson(person))
    }

    @Test(arguments: [
        "/v1/people/", "/v1/people/a/b", "/v1/people/a%2Fb", "/v1/people/%", "/v1/people/a%4",
        "/v1/people/a%zz", "/v1/people/a%00",
    ])
    func `what is no person's id is no path`(path: String) throws {
        #expect(refusal(try decide("GET", path, fields: [admin()]))?.why == .noSuchPath)
    }

    @Test(arguments: [
        "/v1/sessions?all", "/v1/counters?format=json", "/v1/sessions/evening?x",
        "/v1/sessions/evening/attendance?format=xml", "/v1/sessions/evening/attendance?format=csv&a=b",
        "/v1/people/p1?format=csv", "/v1/people/p1?Format=json",
    ])
    func `a query that is not understood is refused`(target: String) throws {
        let found = try #require(refusal(try decide("GET", target, fields: [admin()])))
        #expect(found == (400, .query))
    }

    @Test(arguments: [
        "/v1/people/p1?format=json", "/v1/sessions/evening?prefix=e", "/v1/rehearsals?prefix=",
        "/v1/rehearsals?prefix", "/v1/rehearsals?prefix=-a", "/v1/rehearsals?prefix=load*",
        "/v1/rehearsals?prefix=a%2D", "/v1/rehearsals?all", "/v1/rehearsals?prefix=a&prefix=b",
        "/v1/sessions/evening/connections", "/v1/sessions/evening/connections?person=p1",
        "/v1/sessions/evening/connections?person=p1&seconds=0",
        "/v1/sessions/evening/connections?person=&seconds=5",
        "/v1/sessions/evening/connections?seconds=5&person=p1",
    ])
    func `erasing takes no query but how the ids of rehearsals begin`(target: String) throws {
        let found = try #require(refusal(try decide("DELETE", target, fields: [admin()])))
        #expect(found == (400, .query))
    }

    @Test func `other methods are told which ones there are`() throws {
        for (path, allowed) in [
            ("/v1/sessions", "GET, HEAD"), ("/v1/counters", "GET, HEAD"),
            ("/v1/sessions/evening/attendance", "GET, HEAD"), ("/v1/people/p1", "GET, HEAD, DELETE"),
            ("/v1/sessions/evening", "GET, HEAD, DELETE"), ("/v1/rehearsals", "DELETE"),
            ("/v1/sessions/evening/connections", "DELETE"),
        ] {
            guard case .reject(let response, .method) = try decide("POST", path, fields: [admin()]) else {
                Issue.record("\(path) takes POST")
                continue
            }
            #expect(response.status == .methodNotAllowed)
            #expect(response.fields.first == HTTPField("Allow", allowed))
        }
        #expect(refusal(try decide("DELETE", "/v1/counters", fields: [admin()]))?.why == .method)
    }

    @Test func `without an admin's ticket nothing is read and nothing erased`() throws {
        let host = String(decoding: try TicketFixture.token(), as: UTF8.self)
        for fields in [[], [HTTPField("Authorization", "Bearer \(host)")]] {
            for path in ["/v1/sessions", "/v1/counters", "/v1/sessions/evening/attendance", "/v1/people/p1"] {
                #expect(refusal(try decide("GET", path, fields: fields))?.why == .unauthorized)
            }
            for path in [
                "/v1/sessions/evening", "/v1/people/p1", "/v1/rehearsals", "/v1/sessions/evening/connections",
            ] {
                #expect(refusal(try decide("DELETE", path, fields: fields))?.why == .unauthorized)
            }
        }
        #expect(refusal(try decide("HEAD", "/v1/sessions/evening"))?.why == .unauthorized)
    }

    @Test func `a session's path stays a participant's who upgrades, whatever else the head says`() throws {
        let upgrade = [
            HTTPField("Upgrade", "websocket"), HTTPField("Connection", "Upgrade"),
            HTTPField("Sec-WebSocket-Version", "13"),
            HTTPField("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            HTTPField("Sec-WebSocket-Protocol", "plenary.v1"),
        ]
        guard case .upgrade = try decide("GET", "/v1/sessions/evening", fields: upgrade + [admin()]) else {
            Issue.record("not upgraded")
            return
        }
        #expect(refusal(try decide("GET", "/v1/sessions/evening"))?.status == 426)
    }

    @Test func `the admins' listener asks for no ticket, and lets no web page erase`() throws {
        guard case .operate(.counters) = try decide("GET", "/v1/counters", isAdmin: true),
            case .operate(.erasePerson) = try decide("DELETE", "/v1/people/p1", isAdmin: true)
        else {
            Issue.record("refused")
            return
        }
        let page = [HTTPField("Origin", "http://127.0.0.1:8080")]
        let found = try #require(refusal(try decide("DELETE", "/v1/people/p1", fields: page, isAdmin: true)))
        #expect(found == (403, .origin))
    }
}
