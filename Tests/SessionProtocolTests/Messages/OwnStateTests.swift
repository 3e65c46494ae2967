import Foundation
import SessionProtocol
import Sessions
import Testing

/// One's own part of the state, read by Foundation.
private func own(_ scene: Scene, _ number: Int) throws -> [String: Any] {
    let text = "{" + String(decoding: StateWriter.own(scene.state, SeatID(number - 1)), as: UTF8.self) + "}"
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try (object as? [String: Any]).found("an object")
}

private func list(_ name: String, _ scene: Scene, _ number: Int) throws -> [[String: Any]] {
    try (try own(scene, number)[name] as? [[String: Any]]).found(name)
}

private func direct(_ scene: Scene, _ number: Int) throws -> [String] {
    let chat = try (try own(scene, number)["chat"] as? [String: [[String: Any]]]).found("chat")
    return try chat["direct"].found("direct").compactMap { $0["text"] as? String }
}

/// A host, a co-host and three participants, live.
private func live() throws -> Scene {
    let scene = try Scene(id: "s", title: "", place: "").found("a session")
    try scene.join(1, name: "Host", school: "", role: .host)
    try scene.join(2, name: "Co-host", school: "", role: .cohost)
    for number in 3...5 { try scene.join(number, name: "Participant", school: "", role: .participant) }
    scene.ask(1, 1, .start)
    return scene
}

struct OwnStateTests {
    @Test func `hosts are told of all requests for help, others of their own`() throws {
        let scene = try live()
        scene.ask(3, 1, .askHelp(Text("We are stuck."), unnamed: false))
        scene.ask(4, 1, .askHelp(.empty, unnamed: true))
        scene.ask(2, 1, .claimHelp(try scene.state.help.first.found("a request").id))
        for host in 1...2 {
            let requests = try list("help", scene, host)
            #expect(requests.map { $0["person"] as? String } == ["p3", nil])
            #expect(requests.map { $0["text"] as? String } == ["We are stuck.", nil])
            #expect(requests.map { $0["claimedBy"] as? String } == ["p2", nil])
            #expect(requests.map { $0["unnamed"] as? Bool } == [false, true])
            #expect(requests.last?["person"] is NSNull)
        }
        #expect(try list("help", scene, 3).map { $0["person"] as? String } == ["p3"])
        // Who asked without a name knows who it was.
        #expect(try list("help", scene, 4).map { $0["person"] as? String } == ["p4"])
        #expect(try list("help", scene, 5).isEmpty)
    }

    @Test func `an offer to hand over is told to hosts and to whom it is made`() throws {
        let scene = try live()
        scene.ask(1, 2, .offerHandoff(to: try scene.person(3)))
        for number in 1...3 {
            #expect(try own(scene, number)["handoff"] as? [String: String] == ["from": "p1", "to": "p3"])
        }
        #expect(try own(scene, 4)["handoff"] is NSNull)
        scene.ask(3, 1, .declineHandoff)
        #expect(try own(scene, 1)["handoff"] is NSNull)
    }

    @Test func `direct messages are told to the two, in both directions, and to no host`() throws {
        let scene = try live()
        scene.ask(3, 1, .sendChat(SendChat(to: .person(try scene.person(4)), text: Text("one"))))
        scene.ask(4, 1, .sendChat(SendChat(to: .person(try scene.person(3)), text: Text("two"))))
        scene.ask(3, 2, .sendChat(SendChat(to: .person(try scene.person(5)), text: Text("three"))))
        #expect(try direct(scene, 3) == ["one", "two", "three"])
        #expect(try direct(scene, 4) == ["one", "two"])
        #expect(try direct(scene, 5) == ["three"])
        #expect(try direct(scene, 1).isEmpty)
    }

    @Test func `of all one's direct messages the newest fifty are told`() throws {
        let scene = try live()
        for index in 0..<60 {
            let other = try scene.person(4 + index % 2)
            scene.ask(3, Int64(index + 1), .sendChat(SendChat(to: .person(other), text: Text("\(index)"))))
        }
        #expect(try direct(scene, 3) == (10..<60).map(String.init))
    }

    @Test func `rooms that hosts may read are readable to hosts, in the order of round and number`() throws {
        let scene = try live()
        for round in 0..<2 {
            let plan = OpenBreakouts(count: 2, mode: .even, hostsRead: round == 1, seed: 1)
            scene.ask(1, Int64(2 * round + 2), .openBreakouts(plan))
            scene.ask(1, Int64(2 * round + 3), .closeBreakouts(seconds: 0))
        }
        #expect(try list("readable", scene, 1).map { $0["room"] as? String } == ["b2-1", "b2-2"])
        let rounds = try list("readable", scene, 3).map { $0["round"] as? Int }
        #expect(rounds == [1, 2])
    }

    @Test func `only the latest five hundred rooms are told as readable`() throws {
        let scene = try live()
        var state = scene.state
        for number in 1...WireBounds.readableRooms + 7 {
            var room = Room(
                round: 1,
                number: number,
                setup: RoomSetup(name: Text("\(number)"), task: .empty, place: .empty),
                hostsRead: number % 2 == 0,
                by: nil
            )
            room.visitors = [SeatID(2)]
            state.rooms.append(room)
        }
        let told = String(decoding: StateWriter.own(state, SeatID(2)), as: UTF8.self)
        #expect(told.contains(#""readable":[{"room":"b1-8","name":"8","round":1},"#))
        #expect(told.contains(#"{"room":"b1-507","name":"507","round":1}]"#))
    }

    @Test func `the notice holds the same, and who one is now`() throws {
        let scene = try live()
        scene.ask(1, 2, .addCohost(try scene.person(3)))
        let notice = String(decoding: NoticeWriter.you(scene.state, SeatID(2)), as: UTF8.self)
        let own = String(decoding: StateWriter.own(scene.state, SeatID(2)), as: UTF8.self)
        let head = #"{"on":"you","you":{"person":"p3","name":"Participant","#
        #expect(notice.hasPrefix(head))
        #expect(notice.contains(#""role":"cohost","room":"main","owner":false,"eligible":true},"#))
        #expect(notice.hasSuffix("," + own + "}"))
        #expect(own.contains(#""hosts":[]"#))
    }
}
