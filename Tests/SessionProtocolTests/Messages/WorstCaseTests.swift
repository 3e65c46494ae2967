import Foundation
import SessionProtocol
import Sessions
import Testing

private let latest: Milliseconds = 9_007_199_254_740_991

/// Text each character of which takes two bytes in a message.
private func quotes(_ count: Int) -> Text { Text(String(repeating: "\"", count: count)) }

private func words(_ count: Int) -> Text { Text(String(repeating: "w", count: count)) }

/// So many people, each with as much to be told of them as all may have when there are as many as may be.
private func people(_ count: Int) throws -> SessionState {
    let limits = SessionsLimits()
    // What is left beside an id of 64 bytes and the 176 that are no text.
    let left = limits.peopleBytes / limits.seatsPerSession - 176 - 64
    var state = try Crowd.state(
        count,
        idBytes: 64,
        name: words(left - 40),
        label: words(40),
        room: .breakout(round: 50, number: 200)
    )
    for index in state.seats.indices {
        state.seats[index].handRaisedSeq = Int(latest)
        state.seats[index].presence = .away
    }
    return state
}

/// A round with as many rooms, tasks and people as may be.
private func round(of state: SessionState, _ text: (Int) -> Text) -> BreakoutsOpened {
    let limits = SessionsLimits()
    let setup = RoomSetup(
        name: Text("A"),
        task: text(limits.roundTextBytes / limits.roomsPerRound - 1),
        place: .empty
    )
    return BreakoutsOpened(
        round: 50,
        mode: .manual,
        rooms: Array(repeating: setup, count: limits.roomsPerRound),
        placements: state.seats.indices.map {
            Placement(seat: SeatID($0), room: .breakout(round: 50, number: 200))
        },
        closesAt: latest,
        closing: latest,
        late: .place,
        hostsRead: true,
        seed: UInt64(latest),
        by: SeatID(0)
    )
}

/// A session in which there is as much of everything as its rules allow so many people.
private func fullSession(_ count: Int, _ text: (Int) -> Text = quotes) throws -> SessionState {
    let limits = SessionsLimits()
    var state = try people(count)
    (state.title, state.place) = (text(128), text(500))
    state.seats[0].role = .host
    state.host = SeatID(0)
    // What one command can name: 64 KiB of ids.
    state.succession = (0..<min(900, count)).map { SeatID($0) }
    state.offer = HandoffOffer(from: SeatID(0), to: SeatID(1))
    state.floor = Floor(seat: SeatID(0), until: latest)
    let opened = round(of: state, text)
    let earlier = RoomSetup(name: text(128), task: .empty, place: .empty)
    for number in 1...limits.roomsPerRound * 4 {
        state.rooms.append(Room(round: 49, number: number, setup: earlier, hostsRead: true, by: nil))
    }
    state.breakouts = Breakouts(
        round: 50,
        mode: .manual,
        firstRoom: state.rooms.count,
        openedAt: latest,
        closesAt: latest,
        closing: latest,
        late: .place,
        hostsRead: true,
        seed: 0
    )
    for (index, setup) in opened.rooms.enumerated() {
        state.rooms.append(Room(round: 50, number: index + 1, setup: setup, hostsRead: true, by: nil))
    }
    for number in 1...limits.helpRequests {
        state.help.append(
            HelpRequest(
                id: number,
                at: latest,
                from: SeatID(number),
                room: .breakout(round: 50, number: 200),
                unnamed: false,
                claimedBy: SeatID(0),
                text: text(500)
            )
        )
    }
    state.messages = MessageLog(messages: messages(text))
    return state
}

/// The longest messages, with signs of everybody, in all places.
private func messages(_ text: (Int) -> Text) -> [Message] {
    let places: [ChatPlace] = [
        .room(.main), .room(.hosts), .room(.breakout(round: 50, number: 200)), .direct(to: SeatID(1)),
    ]
    return (1...200).map { number in
        var message = Message(
            id: number,
            at: latest,
            from: SeatID(0),
            place: places[number % places.count],
            replyTo: 1,
            text: text(number > 190 ? 4_000 : 10),
            editedAt: latest
        )
        message.reactions = [Reaction(emoji: Text("👍"), seats: (0..<200).map { SeatID($0) })]
        return message
    }
}

private func joined(_ state: SessionState) -> [UInt8] {
    let reply = JoinedReply(
        seat: SeatID(0),
        now: latest,
        isResumed: false,
        common: StateWriter.common(state),
        limits: ProtocolLimits()
    )
    return ReplyWriter.joined(re: latest, reply, in: state)
}

extension Data {
    /// Searching a `String` of this length for another takes a second.
    fileprivate func contains(_ text: String) -> Bool { range(of: Data(text.utf8)) != nil }
}

struct WorstCaseTests {
    @Test func `the fullest session is told in one message of at most 1 MiB`() throws {
        let limits = SessionsLimits()
        let state = try fullSession(limits.seatsPerSession)
        let reply = joined(state)
        #expect(reply.count <= JSONLimits.maxBytesFromServer)
        // It is as full as the test means it to be, and what hosts must not miss is there first.
        #expect(reply.count > JSONLimits.maxBytesFromServer * 9 / 10)
        let text = Data(reply)
        #expect(text.contains(#""help":[{"help":1,"person":"p"#))
        #expect(text.contains(#""handoff":{"from":"p"#))
        // People take what the rules count, and no more.
        let begin = try text.range(of: Data(#""participants":["#.utf8)).found("people").upperBound
        let end = try text.range(of: Data(#"],"breakouts":"#.utf8)).found("rooms").lowerBound
        let told = end - begin
        #expect(told <= limits.peopleBytes)
        #expect(told > limits.peopleBytes * 9 / 10)
    }

    @Test func `with fewer people nothing is left out but what nobody needs at once`() throws {
        var state = try fullSession(250, words)
        state.messages = MessageLog(
            messages: state.messages.messages.map { message in
                var message = message
                message.reactions = []
                return message
            }
        )
        let text = Data(joined(state))
        #expect(text.contains(#"{"help":200,"person":"p"#))
        #expect(text.contains(#""readable":[{"room":"b49-501","name":"#))
        #expect(text.contains(#""main":[{"message":4,"room":"main","#))
        #expect(text.contains(#""direct":[{"message":3,"to":"p"#))
    }

    @Test func `the largest round is told and previewed in one message of at most 1 MiB`() throws {
        let state = try people(SessionsLimits().seatsPerSession)
        let opened = round(of: state, words)
        let everybody = state.seats.indices.map { SeatID($0) }
        // Each school is there twice, with as long a name as all may have, and nobody could be kept apart.
        let left = SessionsLimits().peopleBytes / SessionsLimits().seatsPerSession - 176 - 64
        let room = RoomID.breakout(round: 50, number: 200)
        let schools = stride(from: 0, to: everybody.count, by: 2).flatMap { first -> [PreviewWarning] in
            let school = SchoolPairs(
                school: words(left),
                pairs: 1_999,
                fewest: 1_999,
                people: 1_999,
                of: 1_999
            )
            return [.sameSchool(school), .colleagues(Array(everybody[first..<first + 2]), room: room)]
        }
        let warnings =
            [PreviewWarning.away(everybody), .metBefore(pairs: 99_999, isBudgetUsed: true)] + schools
        // The push of its opening has the same in it, but for the warnings.
        let answer = Answer.preview(Preview(opening: opened, warnings: warnings))
        let reply = ReplyWriter.ok(re: latest, seq: nil, answer: answer, in: state, now: latest)
        // If each character of its texts were escaped, too.
        #expect(reply.count + SessionsLimits().roundTextBytes <= JSONLimits.maxBytesFromServer)
        #expect(reply.count > JSONLimits.maxBytesFromServer / 2)
    }

    @Test func `one's own part stays below what it may take, down to nothing but empty lists`() throws {
        let state = try fullSession(SessionsLimits().helpRequests + 1)
        for maxBytes in [512, 2_000, 20_000] {
            #expect(StateWriter.own(state, SeatID(0), maxBytes: maxBytes).count <= maxBytes)
        }
        let notice = NoticeWriter.you(state, SeatID(0)).count
        #expect(notice <= WireBounds.ownNoticeBytes + 1_024)
        #expect(notice > WireBounds.ownNoticeBytes / 2)
        let least = String(decoding: StateWriter.own(state, SeatID(0), maxBytes: 512), as: UTF8.self)
        #expect(
            least.hasPrefix(
                #""chat":{"main":[],"b50-200":[],"hosts":[],"direct":[]},"readable":[],"help":[],"#
            )
        )
    }
}
