import Sessions
import Testing

@testable import PlenaryServer

/// Each event as people read it.
@Suite struct SentenceTests {
    /// The sentence for an event that follows the evening so far.
    ///
    /// Applied only if the sentence needs what it makes: some of these could not be decided here.
    private func sentence(
        _ event: SessionEvent,
        text: String? = nil,
        withText: Bool = false,
        after evening: Telling
    ) throws -> String {
        // Another session object: a table's copy has the same ones.
        let session = Session(state: try evening.state)
        let former = Sentence.Former(event, in: session.state)
        var entry = try #require(evening.entries.last)
        entry.seq += 1
        entry.at += 1_000
        entry.event = event
        entry.text = text.map { Text($0) }
        switch event {
        case .roomAdded, .roomRenamed: session.apply(entry)
        default: break
        }
        let manner = Manner(zone: .utc, withText: withText)
        return Sentence(entry: entry, cast: Cast(session.state), former: former, manner: manner).text
    }

    private func inRooms() throws -> Telling {
        var evening = try Telling()
        evening.open()
        return evening
    }

    @Test func `life, presence and people`() throws {
        let evening = try Telling()
        let (host, guest) = (evening.host, evening.guest)
        let at = evening.now + 60_000
        let expected: [(SessionEvent, String)] = [
            (.started(by: host), "Host started the session"),
            (.ending(by: host, endsAt: at), "Host ends the session: it is over at 16:01:07"),
            (.kept(by: host), "Host stopped the countdown: the session goes on"),
            (.ended(reason: .ended, endedAt: evening.now + 1_000), "the session ended"),
            (
                .ended(reason: .deserted, endedAt: evening.now),
                "the session ended by itself: fewer than two people were here, as of 16:00:07"
            ),
            (.locked(by: host, locked: true), "Host locked the session"),
            (.locked(by: host, locked: false), "Host unlocked the session"),
            (
                .changed(title: Text("Later"), place: Text("Table 3"), by: host),
                "Host set the title to \u{201C}Later\u{201D} and the place to \u{201C}Table 3\u{201D}"
            ),
            (
                .recovered(downFrom: evening.now - 44_000, newEpoch: nil),
                "the server was back: it had been down since 15:59:23, for 45 s"
            ),
            (.attached(guest), "Guest (p1) back in the main room"),
            (.detached(guest, cause: .silent), "Guest (p1) lost the connection (silent)"),
            (.away(guest, cause: .slow), "Guest (p1) is shown as away (slow)"),
            (.returned(guest), "Guest (p1) is shown as here again"),
            (.gone(guest), "Guest (p1) is shown as gone"),
            (.left(host), "Host left"),
            (.removed(guest, by: host), "Host removed Guest (p1)"),
            (.muted(guest, muted: true, by: host), "Host muted Guest (p1)"),
            (.archived, "the session left the server's memory: nobody can join it any more"),
            (.sessionErased, "the session was erased"),
            (
                .personErased(guest, as: try #require(PersonID("erased-1".utf8)), newEpoch: Epoch(bits: 9)),
                "somebody was forgotten, and is erased-1 from now on"
            ),
        ]
        for (event, text) in expected {
            let told = try sentence(event, after: evening)
            #expect(told == text)
        }
    }

    @Test func `hosting`() throws {
        let evening = try Telling()
        let (host, deputy) = (evening.host, evening.deputy)
        let expected: [(SessionEvent, String)] = [
            (.handoffOffered(from: host, to: deputy), "Host offered the lead to Deputy"),
            (.handoffDeclined(by: deputy), "Deputy declined the lead"),
            (.handoffWithdrawn(by: host, to: deputy), "Host withdrew the offer to Deputy"),
            (.hostChanged(from: host, to: deputy, reason: .given), "Deputy leads: Host gave the lead"),
            (
                .hostChanged(from: host, to: deputy, reason: .dropped),
                "Deputy leads: Host did not come back in time"
            ),
            (.hostChanged(from: host, to: nil, reason: .left), "nobody leads any more: Host left"),
            (
                .hostChanged(from: host, to: deputy, reason: .reclaimed),
                "Deputy leads: took the lead back from Host"
            ),
            (.roleChanged(evening.guest, role: .cohost, by: host), "Host made Guest (p1) a co-host"),
            (
                .successionChanged([deputy, evening.guest], by: host),
                "Host set the succession: Deputy, Guest (p1)"
            ),
            (.successionChanged([], by: host), "Host emptied the succession"),
            (.floorTaken(deputy, until: evening.now + 60_000), "Deputy took the floor until 16:01:07"),
            (.floorYielded(by: nil), "the time on the floor ran out"),
            (.floorYielded(by: deputy), "Deputy ended the time on the floor"),
        ]
        for (event, text) in expected {
            let told = try sentence(event, after: evening)
            #expect(told == text)
        }
    }

    @Test func `rooms`() throws {
        let evening = try inRooms()
        let (host, guest, first, second) = (evening.host, evening.guest, evening.first, evening.second)
        let third = RoomID.breakout(round: 1, number: 3)
        let home = [Placement(seat: guest, room: .main)]
        let corner = RoomSetup(name: Text("Corner"), task: .empty, place: .empty)
        let expected: [(SessionEvent, String)] = [
            (.roomAdded(third, corner, by: host), "Host added Corner"),
            (.roomRenamed(second, name: Text("Window"), by: host), "Host renamed Room 2 to Window"),
            (
                .roomRemoved(first, placements: home, by: host),
                "Host removed Room 1: 1 person back in the main room"
            ),
            (
                .moved(guest, from: first, to: second, reason: .moved, by: host),
                "Host moved Guest (p1) from Room 1 to Room 2"
            ),
            (
                .moved(host, from: .main, to: second, reason: .entered, by: host),
                "Host went from the main room to Room 2"
            ),
            (
                .moved(guest, from: first, to: second, reason: .late, by: nil),
                "Guest (p1) came late and was placed in Room 2"
            ),
        ]
        for (event, text) in expected {
            let told = try sentence(event, after: evening)
            #expect(told == text)
        }
    }

    @Test func `rooms on their way to the end`() throws {
        let evening = try inRooms()
        let (host, guest, first) = (evening.host, evening.guest, evening.first)
        let home = [Placement(seat: guest, room: .main)]
        let expected: [(SessionEvent, String)] = [
            (
                .breakoutsExtended(closesAt: evening.now + 60_000, by: host),
                "Host set the end of the rooms to 16:01:08"
            ),
            (.breakoutsAnnounced(by: host), "Host said something to all rooms"),
            (.breakoutsWarning, "everybody was warned that the rooms close"),
            (
                .breakoutsClosing(closesAt: evening.now + 60_000, by: host),
                "Host closes the rooms: they are over at 16:01:08"
            ),
            (
                .breakoutsClosing(closesAt: evening.now + 60_000, by: nil),
                "the rooms' time is nearly up: they close at 16:01:08"
            ),
            (
                .breakoutsClosed(placements: home, by: host),
                "Host closed the rooms: 1 person back in the main room"
            ),
            (
                .breakoutsClosed(placements: home, by: nil),
                "the rooms closed by themselves: 1 person back in the main room"
            ),
            (
                .breakoutsUndone(placements: [], by: host),
                "Host undid the opening of rooms: nobody was in there"
            ),
            (.confirmed(guest, room: first, seen: true), "Guest (p1)'s page shows Room 1"),
            (
                .confirmed(guest, room: first, seen: false),
                "Guest (p1)'s page shows Room 1, and nobody sees it"
            ),
            (.signalled(guest, signal: .done), "Guest (p1) says that Room 1 is done"),
            (.passed(guest, pass: true), "Guest (p1) sits out"),
            (.attached(guest), "Guest (p1) back in Room 1"),
        ]
        for (event, text) in expected {
            let told = try sentence(event, after: evening)
            #expect(told == text)
        }
        let opening = try #require(evening.entries.last)
        let cast = Cast(try evening.state)
        let told = Sentence(
            entry: opening,
            cast: cast,
            former: .init(opening.event, in: nil),
            manner: Manner()
        )
        #expect(told.text == "Host opened 2 rooms (round 1, by hand) until 16:10:07: 1 person placed")
    }

    @Test func `talk, help, hands and attendance, without words and with them`() throws {
        var evening = try Telling()
        let (host, guest) = (evening.host, evening.guest)
        let message = evening.happen(
            .chatSent(ChatSent(from: guest, place: .room(.main), replyTo: nil, key: nil)),
            text: "Hello"
        )
        let time = Interval(from: evening.now - 60_000, to: evening.now)
        let next = message + 1
        let said: [(SessionEvent, String, String)] = [
            (
                .chatSent(ChatSent(from: guest, place: .room(.main), replyTo: message, key: nil)),
                "Guest (p1) wrote in the main room (message \(next), an answer to \(message))", ": “words”"
            ),
            (
                .chatSent(ChatSent(from: host, place: .room(.hosts), replyTo: nil, key: nil)),
                "Host wrote to the hosts (message \(next))", ": “words”"
            ),
            (
                .chatSent(ChatSent(from: host, place: .direct(to: guest), replyTo: nil, key: nil)),
                "Host wrote to Guest (p1) (message \(next))", ": “words”"
            ),
            (.chatEdited(message, by: guest), "Guest (p1) changed message \(message)", ": “words”"),
            (.labelled(guest, by: host), "Host wrote a label beside Guest (p1)", ": “words”"),
            (
                .helpAsked(HelpAsked(from: guest, room: .main, unnamed: false)),
                "Guest (p1) asked for help in the main room (request \(next))", ": “words”"
            ),
            (
                .helpAsked(HelpAsked(from: guest, room: .main, unnamed: true)),
                "somebody, unnamed, asked for help (request \(next))", ": “words”"
            ),
            (
                .attendanceMarked(guest, time, present: true, by: host),
                "Host marked Guest (p1) as present from 15:59:08 to 16:00:08", ": “words”"
            ),
        ]
        for (event, text, words) in said {
            #expect(try sentence(event, text: "words", after: evening) == text)
            #expect(try sentence(event, text: "words", withText: true, after: evening) == text + words)
        }
        #expect(
            try sentence(.chatEdited(message, by: guest), text: "   ", withText: true, after: evening)
                .hasSuffix(": (taken back)")
        )
    }

    @Test func `what goes without words`() throws {
        let evening = try Telling()
        let (host, guest, message) = (evening.host, evening.guest, 5)
        let time = Interval(from: evening.now - 60_000, to: evening.now)
        let expected: [(SessionEvent, String)] = [
            (.chatDeleted(message, by: host), "Host deleted message \(message)"),
            (
                .chatReacted(message, emoji: Text("👍"), added: true, by: host),
                "Host put a sign on message \(message)"
            ),
            (
                .chatReacted(message, emoji: .init("same"), added: true, by: host),
                "somebody feels the same as message \(message)"
            ),
            (
                .chatSettings(locked: true, slowSeconds: 30, by: host),
                "Host set the chat: for hosts alone, 30 s between two messages"
            ),
            (.helpClaimed(message, of: guest, by: host), "Host took up request \(message)"),
            (.helpResolved(message, of: guest, by: host), "Host marked request \(message) as resolved"),
            (.helpWithdrawn(message, of: guest), "request \(message) was withdrawn"),
            (.handRaised(guest), "Guest (p1) raised a hand"),
            (.handLowered(guest, by: guest), "Guest (p1) lowered the hand"),
            (.handLowered(guest, by: host), "Host took up Guest (p1)'s hand"),
            (.attendanceClaimed(guest, time), "Guest (p1) says: I was there from 15:59:07 to 16:00:07"),
            (
                .attendanceAccepted(guest, by: host), "Host accepted what Guest (p1) had said of being there"
            ),
        ]
        for (event, text) in expected {
            let told = try sentence(event, text: "words", after: evening)
            #expect(told == text)
        }
    }

    @Test func `names cannot do anything to a terminal, and what is forgotten has its pseudonym`() throws {
        var evening = try Telling()
        try evening.join("bad", "Loud\u{1B}[2J\u{202E}", .participant)
        try evening.join("erased-12ab", "    ", .participant)
        let cast = Cast(try evening.state)
        #expect(cast.name(SeatID(4)) == "Loud\\u{1b}[2J\\u{202e}")
        #expect(cast.name(SeatID(5)) == "erased-12ab")
        #expect(cast.nameAndID(SeatID(5)) == "erased-12ab")
        #expect(cast.name(evening.namesake) == "Guest (p2)")
        #expect(cast.name(evening.host) == "Host")
        #expect(cast.nameAndID(evening.host) == "Host (host)")
    }

    @Test func `two rooms of one name are told apart`() throws {
        var evening = try inRooms()
        evening.happen(.roomRenamed(evening.second, name: Text("Room 1"), by: evening.host))
        let cast = Cast(try evening.state)
        #expect(cast.room(evening.first) == "Room 1 (b1-1)" && cast.room(evening.second) == "Room 1 (b1-2)")
        #expect(cast.room(.main) == "the main room")
    }
}
