import Glibc
import Journal
import Sessions
import Testing

/// What a pass does when nothing goes wrong.
@Suite struct ArchivingTests {
    private let server: SmallServer
    private var storage: SimulatedStorage { server.storage }

    init() throws {
        server = try SmallServer(SimulatedStorage(seed: 5))
    }

    /// A session in which words are taken back and replaced, and another one beside it.
    private func evening() throws -> (SessionNumber, SessionNumber) {
        let evening = try server.open("evening")
        let beside = try server.open("beside")
        let rash = try server.say("a rash word", in: evening)
        try server.say("beside the point", in: beside)
        let wrong = try server.say("the frist wording", in: evening)
        try server.happen(.chatEdited(wrong, by: SeatID(1)), text: "the frist but one", in: evening)
        try server.happen(.chatEdited(wrong, by: SeatID(1)), text: "the first wording", in: evening)
        try server.happen(.chatDeleted(rash, by: SeatID(0)), in: evening)
        let slip = try server.say("a slip", in: evening)
        try server.happen(.chatEdited(slip, by: SeatID(1)), text: "a worse slip", in: evening)
        try server.happen(.chatDeleted(slip, by: SeatID(1)), in: evening)
        try server.say("to be kept", in: evening)
        return (evening, beside)
    }

    private static let forgotten = [
        "a rash word", "the frist wording", "the frist but one", "a slip", "a worse slip",
    ]

    @Test func `an archive holds what happened, and of words that were taken back their length`() throws {
        let (evening, _) = try evening()
        try server.happen(.ended(reason: .ended, endedAt: server.now), in: evening)
        let end = try #require(server.table.sessions[evening]?.state)
        try server.happen(.archived, in: evening)
        let report = try server.checkpoint()
        #expect(report.archived == [try id("evening")] && report.faults == [])
        #expect(storage.archives == ["archive/evening.log"])

        var reader = try ArchiveReader(try id("evening"), in: storage)
        #expect(reader.header.identity.number == evening)
        #expect(reader.header.stateHash == ImageEncoding.stateHash(of: end))
        var fold = SessionFold(evening)
        var read: [SessionEntry] = []
        while let entry = try reader.next() {
            if case .archived = entry.event {
                let state = try #require(fold.state)
                #expect(state.messages.textBytes == end.messages.textBytes)
                #expect(state.messages.messages.map(\.text) == end.messages.messages.map(\.text))
            }
            try fold.take(entry)
            read.append(entry)
        }
        #expect(fold.endHash == reader.header.stateHash)
        let written = server.entries.filter { $0.session == evening }
        #expect(read.map(\.event) == written.map(\.event) && read.map(\.at) == written.map(\.at))
        for (read, written) in zip(read, written) where read.text != written.text {
            let words = try #require(written.text)
            #expect(Self.forgotten.contains(String(decoding: words.utf8, as: UTF8.self)))
            #expect(read.text == Text(String(repeating: " ", count: words.utf8.count)))
        }
        #expect(read.count { $0.text?.utf8.allSatisfy { $0 == 0x20 } == true } == Self.forgotten.count)
    }

    @Test func `when all is archived the words that were taken back are nowhere in the folder`() throws {
        let (evening, beside) = try evening()
        try server.checkpoint()
        try server.close(evening)
        try server.close(beside)
        for words in Self.forgotten { #expect(storage.files(with: words) != [], "\(words)") }
        let report = try server.checkpoint()
        #expect(report.wantsNewSegment)
        for words in Self.forgotten { #expect(storage.files(with: words) == [], "\(words)") }
        for words in ["to be kept", "the first wording"] {
            #expect(storage.files(with: words) == ["archive/evening.log"])
        }
        #expect(storage.segments.count == 1)
        #expect(try findings(in: storage).allSatisfy { $0.fault == nil && $0.isReplayed })
    }

    @Test func `a day of sessions takes no more room than what they said`() throws {
        for round in 1...12 {
            let session = try server.open("s\(round)")
            for number in 1...60 { try server.say("\(number) of \(round)", in: session) }
            try server.close(session)
            try server.checkpoint()
        }
        #expect(storage.segments.count == 1)
        #expect(storage.archives.count == 12)
        let archived = storage.archives.reduce(0) { $0 + (storage.bytes(of: $1)?.count ?? 0) }
        #expect(storage.totalBytes - archived < 3 * 8192)
        #expect(storage.files(with: "60 of 12") == ["archive/s12.log"])
    }

    @Test func `a segment stays while anybody in it is not archived, and those behind it too`() throws {
        let first = try server.open("first")
        for number in 1...40 { try server.say("first \(number)", in: first) }
        try server.close(first)
        let lasting = try server.open("lasting")
        for number in 1...20 { try server.say("lasting \(number)", in: lasting) }
        let second = try server.open("second")
        for number in 1...80 { try server.say("second \(number)", in: second) }
        try server.close(second)
        #expect(try server.checkpoint().segmentsRemoved == 0)
        try server.say("one more", in: lasting)
        let before = storage.segments
        // Only now are there two checkpoints behind what the first session said.
        #expect(try server.checkpoint().segmentsRemoved > 0)
        #expect(storage.files(with: "lasting 1").contains { $0.hasPrefix("segments/") })
        #expect(storage.segments.count > 1 && storage.segments.last == before.last)
        try server.close(lasting)
        try server.checkpoint()
        #expect(storage.segments.count == 1 && storage.archives.count == 3)
    }

    @Test
    func `a start without the first segments knows all ids and the last number, from either checkpoint`()
        throws
    {
        let first = try server.open("first")
        for number in 1...80 { try server.say("first \(number)", in: first) }
        try server.close(first)
        try server.checkpoint()
        let second = try server.open("second")
        try server.say("hello", in: second)
        try server.checkpoint()
        #expect(!storage.names.contains("segments/00000000000000000001.log"))
        let expected = server.image
        for isNewestBad in [false, true] {
            storage.restart(losingPower: true)
            if isNewestBad, let newest = storage.names.last(where: { $0.hasPrefix("checkpoints/") }) {
                storage.flip(bit: 500, of: newest)
            }
            let recovery = try JournalRecovery(storage: storage, limits: SmallServer.limits)
            let found = try SessionRecovery(reading: recovery)
            #expect(recovery.report.skipped.count == (isNewestBad ? 1 : 0))
            #expect(CheckpointImage(of: found.table, at: expected.at) == expected)
            #expect(found.table.usedIDs == [try id("first")] && found.table.lastNumber == 2)
            let again = Created(
                id: try id("first"),
                epoch: Epoch(bits: 1),
                community: .empty,
                title: .empty,
                place: .empty
            )
            let entry = SessionEntry(session: 3, seq: 1, at: 0, event: .created(again), text: nil)
            #expect(throws: SpellingFault.badValue("a session's id used again")) {
                try found.table.check(entry)
            }
        }
    }

    @Test func `a session of which the beginning is gone with its segment stays archived after a start`()
        throws
    {
        let first = try server.open("first")
        for number in 1...80 { try server.say("first \(number)", in: first) }
        let lasting = try server.open("lasting")
        for number in 1...60 {
            try server.say("first \(number)", in: first)
            try server.say("lasting \(number)", in: lasting)
        }
        try server.close(first)
        try server.checkpoint()
        try server.say("more", in: lasting)
        #expect(try server.checkpoint().segmentsRemoved > 0)
        let archive = storage.bytes(of: "archive/first.log")
        storage.restart(losingPower: true)
        let again = try SmallServer(storage)
        try again.say("and more", in: lasting)
        let report = try again.checkpoint()
        #expect(report == ArchivingReport())
        #expect(storage.bytes(of: "archive/first.log") == archive)
        try again.close(lasting)
        try again.checkpoint()
        #expect(storage.segments.count == 1 && storage.archives.count == 2)
    }

    @Test func `who asks to stop is not kept waiting, and the rest is done the next time`() throws {
        let (evening, _) = try evening()
        try server.close(evening)
        var asked = 0
        let stopped = try server.checkpoint(isStopping: {
            asked += 1
            return asked > 20
        })
        #expect(stopped == ArchivingReport())
        #expect(try Archives.list(storage) == [])
        try server.say("goes on", in: 2)
        #expect(try server.checkpoint().archived == [try id("evening")])
    }

    @Test func `a pass with nothing to do reads nothing but names`() throws {
        let (evening, _) = try evening()
        try server.checkpoint()
        try server.say("goes on", in: evening)
        try server.writeCheckpoint()
        let before = storage.step
        try server.say("and on", in: evening)
        let perMessage = storage.step - before
        let (from, _) = (storage.step, try server.checkpoint())
        // The checkpoint itself: list, remove, create, write, sync, rename, sync the folder, list, remove one.
        #expect(storage.step - from <= 9 + 4 && perMessage == 2)
    }
}
