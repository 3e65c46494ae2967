import SessionProtocol
import Sessions

/// All that is said on the wire, by its golden file's name without `.json`.
enum Said {
    static func messages() throws -> [String: [UInt8]] {
        let scene = try Evening.play()
        for (name, bytes) in try notices(scene) + errors(scene) { scene.say(name, bytes) }
        // Of a name that several say, the evening's counts: it is the story that the guided tour tells.
        let others = try [Mixer.play().said, rehearsal().said].reduce(Workshop.play().said) { said, more in
            said.merging(more) { earlier, _ in earlier }
        }
        return scene.said.merging(others) { evening, _ in evening }
    }

    /// Somebody tries the rooms out before anybody comes.
    private static func rehearsal() throws -> Scene {
        let scene = try Scene(id: "practice-1", title: "Practice", place: "", isRehearsal: true)
            .found("a session")
        try scene.join(1, name: "Host", school: "School A", role: .host, variant: "--rehearsal")
        return scene
    }

    private static func notices(_ scene: Scene) throws -> [(String, [UInt8])] {
        let missing = [try scene.person(3), try scene.person(4)]
        let rooms: [(room: RoomID, here: Int)] = [(.main, 2), (.breakout(round: 1, number: 1), 10)]
        return [
            ("notice-tick", NoticeWriter.tick(now: scene.now)),
            (
                "notice-attendance.count",
                NoticeWriter.attendanceCount(here: 12, unique: 14, peak: 13, rooms: nil)
            ),
            (
                "notice-attendance.count--hosts",
                NoticeWriter.attendanceCount(here: 12, unique: 14, peak: 13, rooms: rooms)
            ),
            (
                "notice-breakouts.confirmed",
                NoticeWriter.breakoutsConfirmed(round: 1, confirmed: 8, seen: 7, of: 10, missing: missing)
            ),
        ]
    }

    private static func errors(_ scene: Scene) -> [(String, [UInt8])] {
        let refused = RefusalCode.allCases.map { code in
            ("error-refused--\(code.rawValue)", ReplyWriter.error(re: 9, Refusal(code)))
        }
        return refused.filter { $0.0 != "error-refused--stale" } + [
            ("error-refused", scene.ask(3, 10, .start, variant: "--refused")),
            ("error-refused--field", ReplyWriter.error(re: 11, Refusal(.tooLong, field: "text"))),
            ("error-refused--wait", ReplyWriter.error(re: 12, Refusal(.slowDown, retryAfter: 400))),
            (
                "error-malformed",
                ReplyWriter.malformed(re: nil, reason: "The message is not one JSON object.")
            ),
            (
                "error-malformed--id",
                ReplyWriter.malformed(re: 7, reason: "The id is not above that of the message before.")
            ),
        ]
    }
}
