import SessionProtocol
import Sessions

/// A second script behind the golden messages: hosts lead together, rooms change while they are open, help is asked,
/// words are taken back.
enum Workshop {
    /// Plays the workshop up to its second round.
    static func play() throws -> Scene {
        let scene = try Scene(id: "workshop-1", title: "Workshop", place: "").found("a session")
        try gather(scene)
        try handOver(scene)
        try talk(scene)
        try lookAfterPeople(scene)
        try prepareRooms(scene)
        try workInRooms(scene)
        try askForHelp(scene)
        try comeBack(scene)
        try attend(scene)
        return scene
    }

    private static let first = RoomID.breakout(round: 1, number: 1)
    private static let second = RoomID.breakout(round: 1, number: 2)
    private static let third = RoomID.breakout(round: 1, number: 3)

    private static func gather(_ scene: Scene) throws {
        try scene.join(1, name: "Host", school: "School A", role: .host)
        try scene.join(2, name: "Co-host", school: "School B", role: .cohost)
        for number in 3...5 {
            let school = number == 5 ? "School C" : "School B"
            try scene.join(number, name: "Participant \(number - 2)", school: school, role: .participant)
        }
        scene.ask(1, 2, .set(title: Text("Fractions together"), place: nil), variant: "--title")
        let place = Text("https://video.example/workshop-1")
        scene.ask(1, 3, .set(title: Text("Fractions, together"), place: place))
        scene.ask(1, 4, .start)
    }

    private static func handOver(_ scene: Scene) throws {
        let second = try scene.person(2)
        scene.ask(1, 5, .offerHandoff(to: second))
        scene.ask(2, 2, .declineHandoff)
        scene.ask(1, 6, .offerHandoff(to: second))
        scene.ask(1, 7, .withdrawHandoff)
        scene.ask(1, 8, .offerHandoff(to: second))
        let known = scene.state.seq
        scene.ask(2, 3, .acceptHandoff, variant: "")
        // Decided on a state in which the first still led.
        let stale = scene.ask(2, 4, .setSuccession([second]), ifSeq: known, variant: "--stale")
        scene.say("error-refused--stale", stale)
        scene.ask(2, 5, .setSuccession([try scene.person(3)]), ifSeq: scene.state.seq, variant: "--if-seq")
        scene.ask(1, 9, .takeFloor(seconds: 300))
        scene.ask(1, 10, .yieldFloor)
        scene.ask(1, 11, .takeFloor(seconds: 5))
        scene.pass(seconds: 5, variant: "--over")
        scene.ask(1, 12, .reclaimHost)
    }

    private static func talk(_ scene: Scene) throws {
        scene.ask(1, 13, .chatSettings(locked: nil, slowSeconds: 5), variant: "--slow")
        scene.ask(1, 14, .chatSettings(locked: true, slowSeconds: 0), variant: "--locked")
        scene.ask(1, 15, .chatSettings(locked: false, slowSeconds: nil))
        let question = SendChat(to: .room(.main), text: Text("Is a half the same as 0,5?"))
        scene.ask(3, 2, .sendChat(question))
        let message = try scene.state.messages.messages.last.found("a message").id
        scene.ask(3, 3, .editChat(message, Text("Is a half the same as 0.5?")))
        scene.ask(4, 2, .reactChat(message, emoji: Reaction.same, on: true), variant: "--same")
        scene.ask(1, 16, .reactChat(message, emoji: Text("👍🏽"), on: true))
        scene.ask(4, 3, .reactChat(message, emoji: Text("❤️"), on: true))
        scene.ask(4, 4, .reactChat(message, emoji: Text("❤️"), on: false), variant: "--off")
        let direct = SendChat(to: .person(try scene.person(3)), text: Text("Good question, thank you."))
        scene.ask(1, 17, .sendChat(direct), variant: "--direct")
        scene.ask(
            3,
            4,
            .chatHistory(.person(try scene.person(1)), before: nil, limit: 1),
            variant: "--direct"
        )
        scene.ask(4, 5, .sendChat(SendChat(to: .room(.main), text: Text("No!"))))
        let mistake = try scene.state.messages.messages.last.found("a message").id
        scene.ask(4, 6, .deleteChat(mistake))
        scene.ask(4, 7, .typing(nil), variant: "--room")
        scene.ask(4, 8, .typing(.room(.main)))
        scene.ask(4, 9, .typing(.person(try scene.person(1))), variant: "--direct")
        let people = [3, 4, 5].map { SeatID($0 - 1) }
        let here = NoticeWriter.typing(place: .room(.main), people: people, count: 3, in: scene.state)
        scene.say("notice-chat.typing", here)
        let there = NoticeWriter.typing(
            place: .direct(to: SeatID(0)),
            people: [SeatID(3)],
            count: 1,
            in: scene.state
        )
        scene.say("notice-chat.typing--direct", there)
        scene.ask(3, 5, .chatHistory(.room(.main), before: nil, limit: nil), variant: "--changed")
    }

    private static func lookAfterPeople(_ scene: Scene) throws {
        let (fourth, fifth) = (try scene.person(4), try scene.person(5))
        scene.ask(3, 6, .label(nil, Text("she/her")))
        scene.ask(1, 18, .label(fourth, Text("Speaker")), variant: "--other")
        scene.ask(1, 19, .label(fourth, .empty), variant: "--none")
        for number in 3...5 { scene.ask(number, 20, .raiseHand) }
        scene.ask(3, 21, .lowerHand(nil))
        scene.ask(1, 21, .lowerHand(fourth), variant: "--other")
        scene.ask(1, 22, .mute(fifth, true))
        scene.ask(1, 23, .mute(fifth, false), variant: "--off")
    }

    private static func prepareRooms(_ scene: Scene) throws {
        scene.lose(5, cause: .closed)
        let people = [try scene.person(3), try scene.person(4)]
        var plan = OpenBreakouts(
            rooms: [RoomPlan(name: Text("Halves"), people: people), RoomPlan(name: Text("Thirds"))],
            seconds: 600,
            hostsRead: true,
            facilitators: [try scene.person(2), try scene.person(5)]
        )
        scene.ask(1, 24, .previewBreakouts(plan))
        scene.ask(1, 25, .previewBreakouts(OpenBreakouts(size: 2, mode: .even)), variant: "--even")
        plan.facilitators = [try scene.person(2)]
        plan.seed = 2_718_281_828
        scene.ask(1, 26, .openBreakouts(plan), ifSeq: scene.state.seq, variant: "--facilitators")
        let room = RoomPlan(
            name: Text("Quarters"),
            task: Text("Fold a sheet of paper."),
            place: Text("Zoom: Room 3")
        )
        scene.ask(1, 27, .addRoom(room))
        scene.ask(1, 28, .addRoom(RoomPlan()), variant: "--plain")
        scene.ask(1, 29, .renameRoom(third, name: Text("Fourths")))
        scene.ask(1, 30, .move(try scene.person(4), to: third))
        scene.ask(1, 31, .removeRoom(third))
        scene.ask(1, 32, .announce(Text("Five minutes more.")))
    }

    private static func workInRooms(_ scene: Scene) throws {
        scene.ask(3, 22, .sendChat(SendChat(to: .room(first), text: Text("Two halves make a whole."))))
        scene.ask(3, 23, .signalRoom(.moreTime), variant: "--more-time")
        scene.ask(3, 24, .signalRoom(.done))
        scene.ask(3, 25, .signalRoom(nil), variant: "--none")
        scene.ask(4, 23, .pass(true))
        scene.ask(4, 24, .pass(false), variant: "--off")
        scene.ask(1, 33, .enterRoom(second))
        let visit = Visit(by: SeatID(0), at: scene.now)
        let rooms = [
            PulseRow(room: first, present: 3, writing: 1, done: 1, moreTime: 0),
            PulseRow(
                room: second,
                present: 1,
                writing: 0,
                done: 0,
                moreTime: 0,
                alone: SeatID(3),
                visit: visit
            ),
        ]
        scene.say("notice-rooms.pulse", NoticeWriter.pulse(round: 1, rooms: rooms, in: scene.state))
    }

    private static func askForHelp(_ scene: Scene) throws {
        scene.ask(3, 26, .askHelp(Text("How do we write a half?"), unnamed: false))
        let help = try scene.state.help.last.found("a request").id
        scene.ask(2, 6, .claimHelp(help))
        scene.ask(2, 7, .resolveHelp(help))
        scene.ask(3, 27, .askHelp(.empty, unnamed: false), variant: "--plain")
        scene.ask(3, 28, .withdrawHelp(try scene.state.help.last.found("a request").id))
        scene.ask(4, 25, .askHelp(Text("May I work alone?"), unnamed: true), variant: "--unnamed")
        scene.ask(3, 29, .askHelp(Text("We are stuck."), unnamed: false))
        scene.ask(2, 8, .claimHelp(try scene.state.help.last.found("a request").id))
    }

    private static func comeBack(_ scene: Scene) throws {
        // Who becomes a co-host may read more at once.
        scene.ask(1, 34, .addCohost(try scene.person(3)))
        scene.say("notice-you", NoticeWriter.you(scene.state, SeatID(2)))
        scene.ask(2, 9, .takeFloor(seconds: 60))
        scene.ask(1, 35, .offerHandoff(to: try scene.person(2)))
        scene.lose(1, cause: .slow)
        try scene.comeBack(1, after: 2, of: Epoch(bits: 1), how: "everything")
        scene.ask(1, 36, .remove(try scene.person(4)))
    }

    private static func attend(_ scene: Scene) throws {
        let third = try scene.person(3)
        scene.lose(3, cause: .silent)
        scene.pass(seconds: 600)
        try scene.comeBack(3, after: scene.state.seq, how: "resumed")
        let asleep = Interval(from: scene.now - 600_000, to: scene.now)
        scene.ask(3, 30, .claimAttendance(asleep))
        scene.ask(1, 37, .reportAttendance(nil))
        scene.ask(1, 38, .acceptAttendance(third))
        let here = Interval(from: scene.now - 60_000, to: scene.now)
        let reason = Text("Was here on a colleague's laptop.")
        scene.ask(1, 39, .markAttendance(try scene.person(5), here, present: true, reason: reason))
        scene.ask(
            1,
            40,
            .markAttendance(third, here, present: false, reason: Text("Had left.")),
            variant: "--absent"
        )
        scene.ask(1, 41, .reportAttendance(third), variant: "--person")
        scene.ask(3, 31, .ownAttendance)
    }
}
