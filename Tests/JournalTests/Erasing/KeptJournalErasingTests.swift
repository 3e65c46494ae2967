import Journal
import Sessions
import Testing

/// Whoever is in the journals that servers of the past wrote can be forgotten there too.
@Suite struct KeptJournalErasingTests {
    private static let people = ["guest", "host", "deputy", "late"]

    @Test(arguments: ["0.1", "0.2", "0.3", "0.4"])
    func `a folder of the past forgets one after the other, and holds`(_ folder: String) throws {
        let storage = try RecordedJournalTests().copy(of: folder)
        #expect(
            !storage.files(with: "School of guest").isEmpty && !storage.files(with: "Here we are").isEmpty
        )
        for (index, name) in Self.people.enumerated() {
            let person = try #require(PersonID(name.utf8))
            let pseudonym = try #require(PersonID("erased-\(index)".utf8))
            let report = try ErasingFolder.erase(person, as: pseudonym, in: storage)
            #expect(report.isComplete)
            #expect(storage.files(with: "School of \(name)") == [])
            // An archive of an encoding of the past in which nobody was forgotten cannot be compared, as ever.
            let found = try Verified(storage)
            #expect(found.journal.isSound && found.replay.disagreed == [])
            storage.restart(losingPower: true)
        }
        for words in ["Here we are", "Good evening", "So we are", "k-2", "The right word", "Mathematics"] {
            #expect(storage.files(with: words) == [], "\(words)")
        }
        let lesson = try findings(in: storage).first { $0.id.text == "lesson" }
        #expect(folder == "0.1" || lesson?.isReplayed == true)
    }

    @Test
    func
        `an archive of the past loses its words by the day that its session ended, though it does not say it`()
        throws
    {
        let storage = try RecordedJournalTests().copy(of: "0.2")
        #expect(try Archives.header(of: try id("lesson"), in: storage).endedAt == nil)
        let server = try SmallServer(storage)
        let sequence = try ErasingFolder.checkpoints(server)
        let erasing = Erasing(storage, limits: SmallServer.limits)
        let early = try erasing.pass(ErasingRequest(wordsBefore: 1_790_000_000_000), through: sequence)
        #expect(early.archivesRewritten == [])
        let late = try erasing.pass(ErasingRequest(wordsBefore: server.now + 1), through: sequence)
        #expect(late.archivesRewritten.map(\.text) == ["lesson", "rehearsal"])
        let header = try Archives.header(of: try id("lesson"), in: storage)
        #expect(header.isWordless && header.endedAt != nil)
        #expect(storage.files(with: "The right word") == [])
        #expect(try findings(in: storage).allSatisfy(\.isReplayed))
        let gone = try erasing.pass(ErasingRequest(attendanceBefore: server.now + 1), through: sequence)
        #expect(gone.archivesRemoved.map(\.text) == ["lesson", "rehearsal"])
    }
}
