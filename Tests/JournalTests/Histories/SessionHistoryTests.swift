import Journal
import Sessions
import Testing

/// Sessions as they are read again, from archives and from segments, while a server goes on.
@Suite struct SessionHistoryTests {
    private func history(_ name: String, in storage: any Storage) throws -> SessionHistory {
        try #require(try SessionHistory(of: id(name), in: storage))
    }

    private func all(_ history: SessionHistory) throws -> [SessionEntry] {
        var history = history
        var entries: [SessionEntry] = []
        while let entry = try history.next() { entries.append(entry) }
        return entries
    }

    /// A server with `lesson`, which is over and archived, and `evening`, which goes on; both wrote in turns.
    private func server() throws -> SmallServer {
        let server = try SmallServer(SimulatedStorage(seed: 1))
        let lesson = try server.open("lesson")
        let evening = try server.open("evening")
        for number in 1...20 {
            try server.say("in the lesson \(number)", in: lesson)
            try server.say("in the evening \(number)", in: evening)
        }
        try server.close(lesson)
        try server.checkpoint()
        try server.say("a last word", in: evening)
        return server
    }

    @Test func `a session is told as it happened, from the segments and from its archive`() throws {
        let server = try server()
        #expect(server.storage.archives == ["archive/lesson.log"])
        for (name, number) in [("lesson", 1), ("evening", 2)] {
            let found = try all(history(name, in: server.storage))
            #expect(found == server.entries.filter { $0.session == SessionNumber(number) })
        }
    }

    @Test func `nobody of that name is there`() throws {
        let server = try server()
        #expect(try SessionHistory(of: id("eve"), in: server.storage) == nil)
        #expect(try SessionHistories.ids(in: server.storage).map(\.text) == ["evening", "lesson"])
    }

    @Test
    func `a session that is archived while it is read, and its segments removed, is read on in the archive`()
        throws
    {
        let server = try SmallServer(SimulatedStorage(seed: 2))
        let lesson = try server.open("lesson")
        for number in 1...300 { try server.say("word \(number)", in: lesson) }
        #expect(server.storage.segments.count > 3)
        var history = try history("lesson", in: server.storage)
        var read: [SessionEntry] = []
        for _ in 0..<5 { read.append(try #require(try history.next())) }

        try server.close(lesson)
        try server.checkpoint()
        try server.checkpoint()
        #expect(server.storage.segments.count == 1)
        while let entry = try history.next() { read.append(entry) }
        #expect(read == server.entries.filter { $0.session == lesson })
    }

    @Test func `the end of a journal that is being written is an end`() throws {
        let server = try server()
        let whole = try all(history("evening", in: server.storage))
        let last = try #require(server.storage.segments.last)
        var bytes = try #require(server.storage.bytes(of: last))
        let end = try #require(bytes.lastIndex { $0 != 0 })
        for index in end - 20...end { bytes[index] = 0 }
        server.storage.replace(last, by: bytes)
        #expect(try all(history("evening", in: server.storage)) == whole.dropLast())
    }

    @Test func `damage is said with its place, in an archive and in the segments`() throws {
        let server = try server()
        server.storage.flip(bit: 8 * 170, of: "archive/lesson.log")
        let archive = damage { _ = try all(history("lesson", in: server.storage)) }
        #expect(archive?.file == "archive/lesson.log")
        let first = try #require(server.storage.segments.first)
        server.storage.flip(bit: 8 * 4_200, of: first)
        let segment = damage { _ = try SessionHistory(of: id("evening"), in: server.storage) }
        #expect(segment?.file == first)
    }

    @Test func `the list tells when sessions began and ended, and what they are called now`() throws {
        let server = try server()
        try server.happen(.changed(title: Text("Later"), place: .empty, by: SeatID(0)), in: 2)
        let list = try SessionHistories.list(in: server.storage)
        #expect(list.bad.isEmpty)
        #expect(list.sessions.map(\.id.text) == ["lesson", "evening"])
        #expect(list.sessions.map(\.number) == [1, 2])
        #expect(list.sessions.map(\.isArchived) == [true, false])
        #expect(list.sessions.map(\.title) == [Text("lesson"), Text("Later")])
        let entries = server.entries
        for outline in list.sessions {
            let own = entries.filter { $0.session == outline.number }
            #expect(outline.createdAt == own[0].at)
            #expect(outline.startedAt == own.first { $0.event == .started(by: SeatID(0)) }?.at)
            #expect(outline == (try SessionHistory.outline(of: outline.id, in: server.storage)))
        }
        #expect(list.sessions[0].endedAt != nil && list.sessions[1].endedAt == nil)
        #expect(list.sessions[0].lastSeq == entries.count { $0.session == 1 } - 1)
        #expect(list.sessions[1].lastSeq == entries.count { $0.session == 2 })
    }

    @Test func `each session is folded once, to the state that the server has or had`() throws {
        let server = try server()
        var found: [SessionNumber: SessionState] = [:]
        let bad = try SessionHistories.fold(server.storage) { session throws(JournalFault) in
            #expect(found[session.outline.number] == nil)
            found[session.outline.number] = session.state
            #expect(session.hash == ImageEncoding.stateHash(of: session.state))
        }
        #expect(bad.isEmpty)
        #expect(found[2] == server.table.sessions[2]?.state)
        var lesson = SessionFold(1)
        for entry in server.entries where entry.session == 1 && entry.event != .archived {
            try lesson.take(entry)
        }
        #expect(found[1]?.seq == lesson.state?.seq)
        #expect(
            found[1].map { ImageEncoding.stateHash(of: $0) }
                == lesson.state.map { ImageEncoding.stateHash(of: $0) }
        )
    }

    @Test func `a bad archive is named, and the others are told of`() throws {
        let server = try server()
        for _ in 0..<2 { try server.checkpoint() }
        server.storage.flip(bit: 8 * 170, of: "archive/lesson.log")
        let list = try SessionHistories.list(in: server.storage)
        #expect(list.bad.map(\.id.text) == ["lesson"])
        #expect(list.sessions.map(\.id.text).contains("evening"))
    }

    @Test func `words that were taken back are known before they leave the disk`() throws {
        let server = try SmallServer(SimulatedStorage(seed: 3))
        let evening = try server.open("evening")
        let rash = try server.say("rash", in: evening)
        let wrong = try server.say("wrong", in: evening)
        let edit = try server.happen(.chatEdited(wrong, by: SeatID(1)), text: "right", in: evening)
        try server.happen(.chatDeleted(rash, by: SeatID(0)), in: evening)
        let outline = try SessionHistory.outline(of: id("evening"), in: server.storage)
        #expect(outline?.wordsTakenBack == [rash, wrong])
        try server.happen(.chatEdited(wrong, by: SeatID(1)), text: "better", in: evening)
        let later = try SessionHistory.outline(of: id("evening"), in: server.storage)
        #expect(later?.wordsTakenBack == [rash, wrong, edit])
    }

    @Test func `a session that was erased is in no list, whatever the segments still have`() throws {
        let server = try server()
        try server.happen(.sessionErased, in: 2)
        #expect(try SessionHistory.outline(of: id("evening"), in: server.storage)?.isErased == true)
        #expect(try SessionHistories.list(in: server.storage).sessions.map(\.id.text) == ["lesson"])
    }
}
