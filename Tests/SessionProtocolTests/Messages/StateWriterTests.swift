import Foundation
import SessionProtocol
import Sessions
import Testing

/// The state that one seat is told, read by Foundation.
private func state(of scene: Scene, for number: Int) throws -> [String: Any] {
    var text = Array("{".utf8)
    text += StateWriter.common(scene.state)
    text.append(UInt8(ascii: ","))
    text += StateWriter.own(scene.state, SeatID(number - 1))
    text.append(UInt8(ascii: "}"))
    let object = try JSONSerialization.jsonObject(with: Data(text))
    return try (object as? [String: Any]).found("a state is an object")
}

private func chat(of scene: Scene, for number: Int) throws -> [String: [[String: Any]]] {
    try (try state(of: scene, for: number)["chat"] as? [String: [[String: Any]]]).found("chat")
}

private func live() throws -> Scene {
    let scene = try Scene(id: "s", title: "", place: "").found("a session")
    try scene.join(1, name: "Host", school: "", role: .host)
    try scene.join(2, name: "Participant", school: "", role: .participant)
    try scene.join(3, name: "Observer", school: "", role: .observer)
    scene.ask(1, 1, .start)
    return scene
}

struct StateWriterTests {
    @Test func `hosts see the hosts' chat and nobody else does`() throws {
        let scene = try live()
        scene.ask(1, 2, .sendChat(SendChat(to: .room(.hosts), text: Text("between us"))))
        #expect(try chat(of: scene, for: 1).keys.sorted() == ["direct", "hosts", "main"])
        #expect(try chat(of: scene, for: 1)["hosts"]?.first?["text"] as? String == "between us")
        #expect(try chat(of: scene, for: 2).keys.sorted() == ["direct", "main"])
        #expect(try chat(of: scene, for: 3).keys.sorted() == ["direct", "main"])
    }

    @Test func `of each room the newest fifty messages are told, oldest first`() throws {
        let scene = try live()
        for index in 0..<60 {
            scene.ask(1, Int64(index + 2), .sendChat(SendChat(to: .room(.main), text: Text("\(index)"))))
        }
        let texts = try chat(of: scene, for: 2)["main"]?.compactMap { $0["text"] as? String }
        #expect(texts == (10..<60).map(String.init))
    }

    @Test func `there is at most 64 KiB of text, and the room one is in goes first`() throws {
        let scene = try live()
        let room = RoomID.breakout(round: 1, number: 1)
        let plan = OpenBreakouts(rooms: [RoomPlan(people: [try scene.person(2)])])
        scene.ask(1, 2, .openBreakouts(plan))
        let long = Text(String(repeating: "x", count: 4_000))
        for index in 0..<20 {
            scene.ask(1, Int64(index + 3), .sendChat(SendChat(to: .room(.main), text: long)))
            scene.ask(2, Int64(index + 3), .sendChat(SendChat(to: .room(room), text: long)))
        }
        let chat = try chat(of: scene, for: 2)
        #expect(chat["b1-1"]?.count == 16)
        #expect(chat["main"]?.isEmpty == true)
    }

    @Test func `observers are not counted, and are told who is here`() throws {
        let scene = try live()
        let state = try state(of: scene, for: 3)
        #expect(state["attendance"] as? [String: Int] == ["here": 2, "unique": 2, "peak": 2])
        #expect((state["participants"] as? [Any])?.count == 3)
    }

    @Test func `rooms stay readable after their round for those who were in them`() throws {
        let scene = try live()
        let named = RoomPlan(name: Text("A"), people: [try scene.person(2)])
        scene.ask(1, 2, .openBreakouts(OpenBreakouts(rooms: [named, RoomPlan()])))
        scene.ask(1, 3, .closeBreakouts(seconds: 0))
        let readable = try state(of: scene, for: 2)["readable"] as? [[String: Any]]
        #expect(readable?.map { $0["room"] as? String } == ["b1-1"])
        #expect(readable?.map { $0["name"] as? String } == ["A"])
        #expect((try state(of: scene, for: 1)["readable"] as? [Any])?.isEmpty == true)
        #expect(try state(of: scene, for: 1)["breakouts"] is NSNull)
    }

    @Test func `forgotten words are null, live and afterwards`() throws {
        let scene = try live()
        let sent = ChatSent(from: SeatID(1), place: .room(.main), replyTo: nil, key: nil)
        let push = try PushWriter.push(seq: 9, at: 1, event: .chatSent(sent), text: nil, in: scene.state)
            .found("a push")
        let expected =
            #"{"seq":9,"at":1,"on":"chat.sent","message":9,"room":"main","from":"p2","text":null}"#
        #expect(String(decoding: push, as: UTF8.self) == expected)
        scene.happen(.chatSent(sent))
        #expect(try chat(of: scene, for: 2)["main"]?.first?["text"] is NSNull)
    }

    @Test func `words arrive as they were written, whatever they would mean elsewhere`() throws {
        let scene = try live()
        let words = "<script>alert(\"1\")</script> \\ javascript:x \u{2028}\n\tÄ👩‍👩‍👧"
        scene.ask(2, 1, .sendChat(SendChat(to: .room(.main), text: Text(words))))
        #expect(try chat(of: scene, for: 3)["main"]?.first?["text"] as? String == words)
    }

    @Test func `events that nobody hears have no push`() throws {
        let scene = try live()
        let silent: [SessionEvent] = [
            .attached(SeatID(0)), .detached(SeatID(0), cause: .closed), .archived,
            .confirmed(SeatID(1), room: .main, seen: true),
        ]
        for event in silent {
            #expect(PushWriter.push(seq: 1, at: 1, event: event, text: nil, in: scene.state) == nil)
            #expect(scene.state.audience(of: event) == .nobody)
        }
    }
}
