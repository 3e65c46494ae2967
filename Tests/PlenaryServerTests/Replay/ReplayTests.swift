import Foundation
import Journal
import PlenaryServer
import Sessions
import Testing

/// `plenary replay` on a folder.
@Suite struct ReplayTests {
    /// Somebody drops, is moved, comes back; a word is taken back; the rooms close.
    private func evening() throws -> Telling {
        var evening = try Telling()
        evening.open()
        evening.happen(.detached(evening.guest, cause: .silent))
        evening.happen(.away(evening.guest, cause: .silent))
        evening.happen(
            .moved(evening.guest, from: evening.first, to: evening.second, reason: .moved, by: evening.deputy)
        )
        evening.happen(.attached(evening.guest), continues: true)
        evening.happen(.returned(evening.guest))
        let said = evening.happen(
            .chatSent(ChatSent(from: evening.guest, place: .room(evening.second), replyTo: nil, key: nil)),
            text: "a hasty word"
        )
        evening.happen(.chatDeleted(said, by: evening.guest))
        evening.happen(
            .chatSent(ChatSent(from: evening.host, place: .room(.main), replyTo: nil, key: nil)),
            text: "a word\nthat stays"
        )
        evening.happen(
            .breakoutsClosed(placements: [Placement(seat: evening.guest, room: .main)], by: evening.host)
        )
        return evening
    }

    private func replay(_ sessions: [Telling], _ arguments: String...) throws -> Answer {
        var said: Answer?
        try Telling.withFolder(sessions) { folder in
            said = Answer(["replay", "--data", folder] + arguments)
        }
        return try #require(said)
    }

    @Test func `the story says who, what and why, a line an event`() throws {
        let said = try replay([evening()], "--session", "evening", "--from", "16:00:08", "--to", "16:01")
        #expect(said.code == .success && said.complaints.isEmpty)
        #expect(
            said.lines == [
                "Session evening, “An evening”; times in UTC",
                "2026-11-28",
                "16:00:08 Host opened 2 rooms (round 1, by hand) until 16:10:07: 1 person placed",
                "16:00:09 Guest (p1) lost the connection (silent)",
                "16:00:10 Guest (p1) is shown as away (silent)",
                "16:00:11 Deputy moved Guest (p1) from Room 1 to Room 2",
                "16:00:12 Guest (p1) back in Room 2",
                "16:00:13 Guest (p1) is shown as here again",
                "16:00:14 Guest (p1) wrote in Room 2 (message 14)",
                "16:00:15 Guest (p1) deleted message 14",
                "16:00:16 Host wrote in the main room (message 16)",
                "16:00:17 Host closed the rooms: 1 person back in the main room",
            ]
        )
    }

    @Test func `words are told when asked for, but not those that were taken back`() throws {
        let silent = try replay([evening()], "--session", "evening", "--story")
        #expect(!silent.lines.contains { $0.contains("word") })
        #expect(silent.lines[2] == "16:00:01 the session of Teachers began to exist: “An evening”")
        #expect(silent.lines[3] == "16:00:02 Host joined as host, in the main room")
        let said = try replay([evening()], "--session", "evening", "--story", "--with-text")
        #expect(said.lines.contains { $0.hasSuffix("(message 14): (taken back)") })
        #expect(said.lines.contains { $0.hasSuffix("(message 16): “a word\\u{a}that stays”") })
        #expect(!said.lines.contains { $0.contains("hasty") })
    }

    @Test func `times are in the zone that is asked for`() throws {
        let said = try replay(
            [evening()],
            "--session",
            "evening",
            "--from",
            "01:00:17",
            "--tz",
            "Asia/Tokyo"
        )
        #expect(said.lines.first == "Session evening, “An evening”; times in Asia/Tokyo")
        #expect(said.lines[1] == "2026-11-29")
        #expect(said.lines.count == 3 && said.lines[2].hasPrefix("01:00:17 Host closed the rooms"))
    }

    @Test func `the state at a moment, and behind an event`() throws {
        let at = try replay([evening()], "--session", "evening", "--at", "16:00:11")
        let behind = try replay([evening()], "--session", "evening", "--seq", "11")
        #expect(at.lines == behind.lines)
        for line in [
            "live since 2026-11-28 16:00:07", "Host leads",
            "rooms (round 1, by hand), open until 2026-11-28 16:10:07:",
            "  Room 1 (b1-1): 0 people; task: Talk", "  Room 2 (b1-2): 1 person; task: Talk",
            "4 people, 3 connected:", "  Guest (p1)       participant  away  Room 2 (b1-2)",
            "messages: none", "last event: 11 at 2026-11-28 16:00:11",
        ] {
            #expect(at.lines.contains(line), "\(line) in \(at.lines)")
        }
        let evening = try evening()
        var fold = SessionFold(1)
        for entry in evening.entries.prefix(11) { try fold.take(entry) }
        let hash = ImageEncoding.stateHash(of: try #require(fold.state))
        #expect(at.lines.last == "state hash: \(spelled(hash))")
        let end = try replay([evening], "--session", "evening")
        #expect(end.lines.contains("messages: the main room 1, Room 2 (b1-2) 1; 1 of them deleted"))
    }

    private func spelled(_ hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    @Test func `as JSON it is what clients get`() throws {
        var labelled = try evening()
        labelled.happen(.labelled(labelled.guest, by: labelled.host), text: "a secret label")
        let said = try replay([labelled], "--session", "evening", "--format", "json")
        let text = try #require(said.lines.first)
        let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(json?["seq"] as? Int == 18 && (json?["hash"] as? String)?.utf8.count == 16)
        let state = json?["state"] as? [String: Any]
        #expect((state?["participants"] as? [Any])?.count == 4)
        #expect(!text.contains("secret label"))
        let open = try replay([labelled], "--session", "evening", "--format", "json", "--with-text")
        #expect(open.lines.first?.contains("a secret label") == true)
    }

    @Test func `why somebody was where they were`() throws {
        let said = try replay([evening()], "--session", "evening", "--explain", "p1")
        #expect(
            said.lines == [
                "Session evening, “An evening”; times in UTC",
                "2026-11-28",
                "16:00:05 joined as participant, in the main room",
                "16:00:08 moved to Room 1 (b1-1) by host Host (host): breakouts.open, round 1, by hand",
                "16:00:09 lost the connection (silent); the seat stays in Room 1 (b1-1)",
                "16:00:10 shown as away (silent)",
                "16:00:11 moved to Room 2 (b1-2) by co-host Deputy (deputy): breakouts.move",
                "16:00:12 back, in Room 2 (b1-2)",
                "16:00:13 shown as here again",
                "16:00:17 back in the main room: breakouts.close by host Host (host)",
                "Guest (p1): in the main room since 16:00:17, participant, here",
            ]
        )
        let other = try replay([evening()], "--session", "evening", "--explain", "p2", "--at", "16:00:10")
        #expect(
            other.lines.dropFirst(3).first
                == "16:00:08 stayed in the main room: breakouts.open, round 1; was not named"
        )
        #expect(other.lines.last == "Guest (p2): in the main room since 16:00:06, participant, here")
        let part = try replay(
            [evening()],
            "--session",
            "evening",
            "--explain",
            "p1",
            "--from",
            "16:00:11",
            "--to",
            "16:00:12"
        )
        #expect(part.lines.count == 5)
        #expect(part.lines.last == "Guest (p1): in Room 2 (b1-2) since 16:00:11, participant, away")
    }

    @Test func `a person or a session that is not there is told the nearest`() throws {
        let person = try replay([evening()], "--session", "evening", "--explain", "p3")
        #expect(person.code == .failure && person.complaints.first?.contains("Did you mean") == true)
        let named = try replay([evening()], "--session", "evening", "--explain", "Guest")
        #expect(named.complaints.first?.contains("Guest (p1), Guest (p2)") == true)
        let session = try replay([evening()], "--session", "evenign")
        #expect(session.code == .failure)
        #expect(session.complaints == ["There is no session evenign. Did you mean evening?"])
    }

    @Test func `moments that are not there`() throws {
        let before = try replay([evening()], "--session", "evening", "--at", "15:00")
        #expect(before.code == .failure && before.complaints.first?.contains("did not exist yet") == true)
        let behind = try replay([evening()], "--session", "evening", "--seq", "99")
        #expect(behind.code == .failure && behind.complaints.first?.contains("its last one is 17") == true)
        let empty = try replay([evening()], "--session", "evening", "--from", "17:00")
        #expect(empty.code == .failure && empty.complaints.first?.contains("Nothing happened") == true)
        let backwards = try replay([evening()], "--session", "evening", "--from", "16:10", "--to", "16:00")
        #expect(backwards.code == .failure)
    }

    @Test func `a hash for each session, in the order of their numbers`() throws {
        let both = [try evening(), try Telling("other", number: 2)]
        let said = try replay(both, "--hashes")
        #expect(said.code == .success)
        let lines = try both.map { telling in
            let state = try telling.state
            return "\(state.id.text) \(state.seq) \(spelled(ImageEncoding.stateHash(of: state)))"
        }
        #expect(said.lines == lines)
        #expect(try replay(both, "--hashes", "--session", "other").lines == [lines[1]])
    }

    @Test(arguments: [
        [], ["--session", "evening-*"], ["--session", "e", "--at", "soon"], ["--session", "e", "--seq", "0"],
        ["--session", "e", "--at", "16:00", "--seq", "4"],
        ["--session", "e", "--at", "16:00", "--from", "15:00"],
        ["--session", "e", "--story", "--hashes"], ["--session", "e", "--explain", "p1", "--hashes"],
        ["--session", "e", "--explain", "p1", "--at", "16:00", "--from", "15:00"],
        ["--session", "e", "--tz", "Nowhere"],
        ["--session", "e", "--format", "csv"], ["--session", "e", "--format", "json", "--story"],
        ["--hashes", "--with-text"], ["--session", "e", "--explain", "not a person"], ["surplus"],
    ])
    func `wrong arguments are said in a sentence`(_ arguments: [String]) {
        let said = Answer(["replay", "--data", "/nowhere"] + arguments)
        #expect(said.code == .usage && !said.complaints.isEmpty && said.lines.isEmpty)
    }

    @Test func `a folder that is none, or holds no journal`() throws {
        #expect(Answer(["replay", "--session", "evening"]).code == .usage)
        #expect(Answer(["replay", "--data", "/nowhere", "--session", "evening"]).code == .configuration)
        #expect(Answer(["replay", "--data", "/tmp", "--session", "evening"]).code == .configuration)
    }

    @Test func `damage ends the story where it is, and is named`() throws {
        try Telling.withFolder([evening()]) { folder in
            let segments = URL(fileURLWithPath: folder).appending(component: "segments")
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: segments.path).first)
            let file = segments.appending(component: name)
            var bytes = [UInt8](try Data(contentsOf: file))
            let end = try #require(bytes.lastIndex { $0 != 0 })
            bytes[end - 200] ^= 1
            try Data(bytes).write(to: file)
            let said = Answer(["replay", "--data", folder, "--session", "evening", "--story"])
            #expect(said.code == .badData)
            #expect(said.complaints.first?.contains("segments/\(name) is damaged at byte") == true)
        }
    }

    @Test func `journals of every release can be told`() throws {
        let journals = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(component: "Journals")
        for release in try FileManager.default.contentsOfDirectory(atPath: journals.path) {
            let folder = journals.appending(component: release).path
            let hashes = Answer(["replay", "--data", folder, "--hashes"])
            #expect(hashes.code == .success && hashes.lines.count > 1, "\(release): \(hashes.complaints)")
            for line in hashes.lines {
                let session = String(line.prefix { $0 != " " })
                let story = Answer([
                    "replay", "--data", folder, "--session", session, "--story", "--with-text",
                ])
                #expect(story.code == .success && story.lines.count > 3, "\(release) \(session)")
                #expect(Answer(["replay", "--data", folder, "--session", session]).lines.count > 5)
            }
        }
    }
}
