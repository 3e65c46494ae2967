import SessionProtocol
import Sessions
import Testing

/// The push of one event, from behind its `on`.
private func push(_ event: SessionEvent, text: Text? = nil, in state: SessionState) -> String? {
    guard let bytes = PushWriter.push(seq: 9, at: 1, event: event, text: text, in: state),
        let name = event.wireName
    else { return nil }
    let head = #"{"seq":9,"at":1,"on":"\#(String(name.utf8))""#
    let text = String(decoding: bytes, as: UTF8.self)
    return text.hasPrefix(head) ? String(text.dropFirst(head.count)) : text
}

private let (first, second) = (SeatID(0), SeatID(1))

struct PushWriterTests {
    @Test func `a room that is added says whether hosts read it, as the round does`() throws {
        var state = try Crowd.state(2)
        let setup = RoomSetup(name: Text("A"), task: .empty, place: .empty)
        for hostsRead in [true, false] {
            let room = RoomID.breakout(round: 1, number: state.rooms.count + 1)
            state.rooms.append(
                Room(round: 1, number: state.rooms.count + 1, setup: setup, hostsRead: hostsRead, by: first)
            )
            let expected =
                #","room":"\#(room.text)","name":"A","task":"","place":"","hostsRead":\#(hostsRead),"by":"p1"}"#
            #expect(push(.roomAdded(room, setup, by: first), in: state) == expected)
        }
    }

    @Test func `a request without a name has none, and may have no words`() throws {
        let state = try Crowd.state(2)
        let asked = HelpAsked(from: second, room: .main, unnamed: true)
        #expect(
            push(.helpAsked(asked), text: Text("a"), in: state)
                == #","help":9,"person":null,"room":"main","text":"a","unnamed":true}"#
        )
        let named = HelpAsked(from: second, room: .main, unnamed: false)
        #expect(
            push(.helpAsked(named), in: state)
                == #","help":9,"person":"p2","room":"main","text":null,"unnamed":false}"#
        )
    }

    @Test func `who feels the same is not told, who puts another sign is`() throws {
        let state = try Crowd.state(2)
        #expect(
            push(.chatReacted(3, emoji: Reaction.same, added: true, by: second), in: state)
                == #","message":3,"emoji":"same","added":true}"#
        )
        #expect(
            push(.chatReacted(3, emoji: Text("👍"), added: false, by: second), in: state)
                == #","message":3,"emoji":"👍","added":false,"person":"p2"}"#
        )
    }

    @Test func `a direct message says whom it is for`() throws {
        let state = try Crowd.state(2)
        let sent = ChatSent(from: first, place: .direct(to: second), replyTo: nil, key: Text("k"))
        #expect(
            push(.chatSent(sent), text: Text("a"), in: state)
                == #","message":9,"to":"p2","from":"p1","text":"a"}"#
        )
    }

    @Test func `forgotten words are null, and a forgotten label is none`() throws {
        let state = try Crowd.state(2)
        #expect(push(.chatEdited(3, by: first), in: state) == #","message":3,"text":null}"#)
        #expect(push(.breakoutsAnnounced(by: first), in: state) == #","text":null,"by":"p1"}"#)
        #expect(push(.labelled(second, by: first), in: state) == #","person":"p2","text":"","by":"p1"}"#)
    }

    @Test func `what came about by itself is by nobody`() throws {
        let state = try Crowd.state(2)
        #expect(push(.floorYielded(by: nil), in: state) == #","by":null}"#)
        let placements = [Placement(seat: second, room: .main)]
        #expect(
            push(.breakoutsClosed(placements: placements, by: nil), in: state)
                == #","placements":[{"person":"p2","room":"main"}],"by":null}"#
        )
    }

    @Test func `what a host's screen alone is about has no push`() throws {
        let state = try Crowd.state(2)
        for event: SessionEvent in [
            .confirmed(first, room: .main, seen: true), .signalled(first, signal: .done),
        ] {
            #expect(push(event, in: state) == nil)
            #expect(state.audience(of: event) == .nobody)
        }
    }
}
