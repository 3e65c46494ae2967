import Fanout
import Journal
import SessionEngine
import SessionProtocol
import Sessions
import Testing
import WebSocket

@testable import PlenaryServer

/// Erasures go round the ring, and are answered when nothing is left of what was erased.
@Suite(.timeLimit(.minutes(2)))
struct UpkeepTests {
    private func evening() throws -> SessionID { try #require(SessionID("evening".utf8)) }

    private func person(_ id: String) throws -> PersonID { try #require(PersonID(id.utf8)) }

    private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    private func isUnknown(_ response: HTTPResponse) -> Bool { response.status == .notFound }

    @Test(arguments: [true, false])
    func `a person is answered to be gone when nothing of them is on the disk`(isOver: Bool) throws {
        try LeftFolder.with { folder in
            try LeftFolder.leaveAnEvening(in: folder, isOver: isOver)
            let ring = try SmallRing(folder)
            let host = try person("host")
            #expect(text(try ring.ask(.person(host, .json))).contains(#""name":"Host""#))
            let response = try ring.ask(.erasePerson(host))
            // At this very moment: nothing may come afterwards.
            #expect(try LeftFolder.files(in: folder, with: "Host") == [])
            #expect(try LeftFolder.files(in: folder, with: "a rash word") == [])
            #expect(response.status == .ok)
            #expect(
                text(response).hasPrefix(#"{"done":true,"inMemory":\#(isOver ? "[]" : #"["evening"]"#),"#)
            )
            #expect(ring.metrics.erasures[.person].value == 1 && ring.metrics.erasingFaults.value == 0)
            #expect(isUnknown(try ring.ask(.person(host, .json))))
            #expect(isUnknown(try ring.ask(.erasePerson(host))))
            #expect(ring.metrics.erasures[.person].value == 1)
            #expect(text(try ring.ask(.attendance(evening(), .json))).contains("erased-"))
            ring.stop()
        }
    }

    @Test(arguments: [true, false])
    func `a session is answered to be gone when nothing of it is on the disk`(isOver: Bool) throws {
        try LeftFolder.with { folder in
            try LeftFolder.leaveAnEvening(in: folder, isOver: isOver)
            let ring = try SmallRing(folder)
            #expect(try ring.ask(.session(evening())).status == .ok)
            let response = try ring.ask(.eraseSession(evening()))
            #expect(try LeftFolder.files(in: folder, with: "Host") == [])
            #expect(response.status == .ok && text(response).hasPrefix(#"{"done":true,"#))
            for request in [
                OperatorRequest.session(try evening()), .attendance(try evening(), .csv),
                .eraseSession(try evening()),
            ] {
                #expect(isUnknown(try ring.ask(request)))
            }
            ring.stop()
        }
    }

    @Test(arguments: [true, false])
    func `rehearsals are answered to be gone when nothing of them is on the disk`(isOver: Bool) throws {
        try LeftFolder.with { folder in
            try LeftFolder.leaveAnEvening(in: folder, isOver: isOver, isRehearsal: true)
            let ring = try SmallRing(folder)
            let response = try ring.ask(.eraseRehearsals(prefix: isOver ? nil : SessionID("even".utf8)))
            #expect(try LeftFolder.files(in: folder, with: "Host") == [])
            #expect(response.status == .ok)
            #expect(
                text(response).hasPrefix(#"{"done":true,"inMemory":\#(isOver ? "[]" : #"["evening"]"#),"#)
            )
            #expect(ring.metrics.erasures[.rehearsals].value == 1)
            #expect(text(try ring.ask(.sessions)) == "{\"sessions\":[]}\n")
            // There is none any more: the same answer.
            #expect(try ring.ask(.eraseRehearsals(prefix: nil)).status == .ok)
            ring.stop()
        }
    }

    @Test func `a rehearsal that nobody erased leaves the disk with the next checkpoint`() throws {
        try LeftFolder.with { folder in
            let ring = try SmallRing(folder, readingMilliseconds: 0)
            let connection = ConnectionID(loop: 0, slot: 3, generation: 0)
            let admission = Admission(
                person: try person("host"),
                name: Text("Host"),
                school: .empty,
                role: .host,
                isRehearsal: true
            )
            let message = SendChat(to: .room(.main), text: Text("a rash word"))
            ring.take([
                .join(connection, id: 1, session: try evening(), admission, resume: nil),
                .command(connection, id: 2, .start, ifSeq: nil),
                .command(connection, id: 3, .sendChat(message), ifSeq: nil),
                .command(connection, id: 4, .end(seconds: 0), ifSeq: nil),
            ])
            #expect(text(try ring.ask(.sessions)) == "{\"sessions\":[]}\n")
            #expect(try LeftFolder.files(in: folder, with: "a rash word") != [])
            ring.wantCheckpoint()
            try ring.waitForLog(#""what":"rehearsals""#)
            #expect(try LeftFolder.files(in: folder, with: "a rash word") == [])
            #expect(try LeftFolder.files(in: folder, with: "Host") == [])
            #expect(ring.metrics.erasures[.rehearsals].value == 1 && ring.metrics.erasingFaults.value == 0)
            ring.stop()
        }
    }

    @Test func `one erasure after the other, in one folder`() throws {
        try LeftFolder.with { folder in
            try LeftFolder.leaveAnEvening(in: folder)
            let ring = try SmallRing(folder)
            #expect(try ring.ask(.erasePerson(person("host"))).status == .ok)
            #expect(isUnknown(try ring.ask(.erasePerson(person("nobody")))))
            #expect(try ring.ask(.eraseSession(evening())).status == .ok)
            #expect(text(try ring.ask(.sessions)) == "{\"sessions\":[]}\n")
            ring.stop()
        }
    }
}
