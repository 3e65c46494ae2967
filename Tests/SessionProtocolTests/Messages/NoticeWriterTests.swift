import SessionProtocol
import Sessions
import Testing

struct NoticeWriterTests {
    @Test func `of those who write five are named and all are counted`() throws {
        let people = (0..<7).map { SeatID($0) }
        let notice = NoticeWriter.typing(
            place: .room(.hosts),
            people: people,
            count: 7,
            in: try Crowd.state(7)
        )
        let expected =
            #"{"on":"chat.typing","room":"hosts","people":["p1","p2","p3","p4","p5"],"count":7}"#
        #expect(String(decoding: notice, as: UTF8.self) == expected)
    }

    @Test func `a pulse without rooms is one`() throws {
        let notice = NoticeWriter.pulse(round: 3, rooms: [], in: try Crowd.state(1))
        #expect(String(decoding: notice, as: UTF8.self) == #"{"on":"rooms.pulse","round":3,"rooms":[]}"#)
    }
}
