import SessionProtocol
import Sessions

/// The script behind the golden messages: one evening from the first arrival to the end.
///
/// `Workshop` has what does not happen on every evening.
enum Evening {
    /// Plays the evening from the first arrival to the end.
    static func play() throws -> Scene {
        let scene = try Scene(
            id: "evening-1",
            title: "Mathematics on Monday",
            place: "https://video.example/evening-1"
        ).found("a session")
        try gather(scene)
        try talk(scene)
        try lead(scene)
        try split(scene)
        try rejoin(scene)
        try finish(scene)
        return scene
    }

    private static func gather(_ scene: Scene) throws {
        try scene.join(1, name: "Host", school: "School A", role: .host)
        try scene.join(2, name: "Co-host", school: "School B", role: .cohost)
        try scene.join(3, name: "Participant", school: "School B", role: .participant)
        scene.ask(1, 2, .start)
    }

    private static func talk(_ scene: Scene) throws {
        let greeting = SendChat(to: .room(.main), text: Text("Good evening!"), key: Text("k-1"))
        scene.ask(3, 2, .sendChat(greeting))
        scene.ask(3, 3, .sendChat(greeting), variant: "--again")
        let answer = SendChat(
            to: .room(.main),
            text: Text("Welcome 👋\nWe begin at <b>seven</b>."),
            replyTo: scene.state.messages.messages.last?.id
        )
        scene.ask(1, 3, .sendChat(answer), variant: "--reply")
        scene.ask(1, 4, .sendChat(SendChat(to: .room(.hosts), text: Text("Ready?"))), variant: "--hosts")
        scene.ask(3, 4, .chatHistory(.room(.main), before: nil, limit: nil), variant: "--newest")
        let before = scene.state.messages.messages[1].id
        scene.ask(3, 5, .chatHistory(.room(.main), before: before, limit: 50))
        scene.ask(3, 6, .timeSync)
        scene.ask(1, 5, .lock(true))
        scene.ask(1, 6, .lock(true), variant: "--already")
        scene.ask(1, 7, .lock(false), variant: "--open")
    }

    private static func lead(_ scene: Scene) throws {
        let (second, third) = (try scene.person(2), try scene.person(3))
        scene.ask(1, 8, .setSuccession([second, third]))
        scene.ask(1, 9, .addCohost(third))
        scene.ask(1, 10, .removeCohost(third))
        scene.ask(1, 11, .giveHost(to: second))
        scene.ask(1, 12, .reclaimHost)
    }

    private static func split(_ scene: Scene) throws {
        let third = try scene.person(3)
        let rooms = [
            RoomPlan(name: Text("Fractions"), people: [third], task: Text("Find three pictures for 3/4.")),
            RoomPlan(name: Text("Angles"), place: Text("Zoom: Room 2")),
        ]
        scene.ask(
            1,
            13,
            .openBreakouts(
                OpenBreakouts(rooms: rooms, seconds: 180, closing: 60, task: Text("Get to know each other."))
            )
        )
        let (first, second) = (RoomID.breakout(round: 1, number: 1), RoomID.breakout(round: 1, number: 2))
        scene.ask(3, 7, .confirmRoom(first, seen: true))
        scene.ask(3, 8, .sendChat(SendChat(to: .room(first), text: Text("Pizza!"))), variant: "--room")
        scene.ask(2, 2, .enterRoom(second))
        scene.ask(1, 14, .move(third, to: second))
        try scene.join(4, name: "Late comer", school: "School C", role: .participant, variant: "--late")
        scene.ask(1, 15, .extendBreakouts(seconds: 60))
        // The deadline does its work by itself: closing, the warning, closed.
        scene.pass(seconds: 240)
        scene.ask(1, 16, .openBreakouts(evenPlan), variant: "--even")
        scene.ask(1, 17, .undoBreakouts)
        scene.ask(1, 18, .openBreakouts(OpenBreakouts(size: 3, mode: .choose)), variant: "--choose")
        scene.ask(1, 19, .closeBreakouts(seconds: 5), variant: "--soon")
        scene.ask(1, 20, .closeBreakouts(seconds: 0))
    }

    private static var evenPlan: OpenBreakouts {
        OpenBreakouts(
            count: 2,
            mode: .even,
            seconds: 600,
            late: .main,
            task: Text("Two and two."),
            hostsRead: true,
            seed: 42
        )
    }

    private static func rejoin(_ scene: Scene) throws {
        let seq = scene.state.seq
        scene.lose(3, cause: .silent)
        scene.pass(seconds: 6)
        try scene.comeBack(3, after: seq, how: "resumed")
        scene.pass(seconds: 1)
        scene.lose(4, cause: .closed)
        scene.pass(seconds: 95)
        scene.lose(1, cause: .slow)
        scene.pass(seconds: 31)
        try scene.comeBack(1, after: seq, of: Epoch(bits: 1), how: "not-resumed")
    }

    private static func finish(_ scene: Scene) throws {
        scene.ask(3, 9, .leave)
        scene.ask(2, 3, .end(seconds: 60))
        scene.ask(2, 4, .keep)
        scene.ask(2, 5, .end(seconds: nil), variant: "--default")
        scene.pass(seconds: 30)
    }
}
