import Journal
import Sessions
import Testing

/// States that no session could have come to, in checkpoints that are right in every other way.
@Suite struct StateCheckingTests {
    /// What a hand might write, and where.
    struct Forgery: Sendable, CustomTestStringConvertible {
        var what: String
        var forge: @Sendable (inout SessionState) -> Void
        var testDescription: String { what }

        init(_ what: String, _ forge: @escaping @Sendable (inout SessionState) -> Void) {
            self.what = what
            self.forge = forge
        }
    }

    private static let nobody = SeatID(99)

    static let seats: [Forgery] = [
        Forgery("a host who is not there") { $0.host = nobody },
        Forgery("two hosts") { $0.seats[1].role = .host },
        Forgery("an offer to nobody") { $0.offer?.to = nobody },
        Forgery("an offer from nobody") { $0.offer?.from = nobody },
        Forgery("nobody has the floor") { $0.floor?.seat = nobody },
        Forgery("nobody succeeds") { $0.succession = [SeatID(1), nobody] },
        Forgery("somebody succeeds twice") { $0.succession = [SeatID(1), SeatID(1)] },
        Forgery("nobody is unattached") { $0.unattached = [nobody] },
        Forgery("the same timer twice") { state in
            state.seats[1].attachedSince = nil
            state.attachedCount -= 1
            state.unattached = [SeatID(1), SeatID(1)]
        },
        Forgery("an edit by nobody") {
            $0.edits = Edits(entries: [Edit(seq: 1, what: .roomAdded, by: nobody)])
        },
        Forgery("edits out of order") {
            let edit = Edit(seq: 5, what: .roomAdded, by: nil)
            $0.edits = Edits(entries: [edit, edit])
        },
        Forgery("more people than there are") { $0.attachedCount += 1 },
        Forgery("a person with two seats") { $0.seats.append($0.seats[1]) },
        Forgery("somebody here who was removed") { $0.seats[1].isRemoved = true },
        Forgery("times that overlap") { state in
            state.seats[1].intervals = [Interval(from: 5, to: 9), Interval(from: 7, to: 8)]
        },
        Forgery("an outage that ends before it begins") { $0.outages = [Interval(from: 9, to: 5)] },
    ]

    static let rooms: [Forgery] = [
        Forgery("rooms that begin elsewhere") { $0.breakouts?.firstRoom = 1 },
        Forgery("rooms that begin behind the last") { $0.breakouts?.firstRoom = 99 },
        Forgery("a round that never was") { $0.breakouts?.round = 9 },
        Forgery("a room of a round to come") { $0.rounds -= 1 },
        Forgery("a missing room") { $0.rooms.remove(at: 1) },
        Forgery("rooms in another order") { $0.rooms.swapAt(0, 1) },
        Forgery("a visit of nobody's") { $0.rooms[0].visitors.append(nobody) },
        Forgery("a last visit of nobody's") { $0.rooms[0].lastVisit = Visit(by: nobody, at: 1) },
        Forgery("a seat in a room that is closed") {
            $0.seats[1].room = .breakout(round: 1, number: 1)
        },
        Forgery("a seat in a room for talking") { $0.seats[1].room = .hosts },
        Forgery("rooms open in a lobby") { $0.phase = .lobby },
    ]

    static let talk: [Forgery] = [
        Forgery("help for nobody") { $0.help[0].from = nobody },
        Forgery("help claimed by nobody") { $0.help[0].claimedBy = nobody },
        Forgery("help asked later than now") { $0.help[0].id = 1 << 40 },
        Forgery("help out of order") { $0.help.swapAt(0, 1) },
        Forgery("a message by nobody") { $0.change(message: 0) { $0.from = nobody } },
        Forgery("a message to nobody") { $0.change(message: 0) { $0.place = .direct(to: nobody) } },
        Forgery("a sign of nobody's") {
            $0.change(message: 0) { $0.reactions = [Reaction(emoji: Text("same"), seats: [nobody])] }
        },
        Forgery("messages out of order") { $0.change(message: 0) { $0.id = 1 << 40 } },
        Forgery("a backlog that nobody heard") { $0.change(entry: 0) { $0.heardBy = .seats([nobody]) } },
        Forgery("a backlog of what nobody did") { $0.change(entry: 0) { $0.event = .kept(by: nobody) } },
        Forgery("a backlog out of order") { $0.change(entry: 0) { $0.seq = 1 << 40 } },
        Forgery("a backlog from later than its first") {
            $0.backlog = Backlog(entries: $0.backlog.entries, reachesBackTo: 1 << 40)
        },
        Forgery("words of any length") { $0.change(entry: 0) { $0.textBytes = 1 << 40 } },
    ]

    /// The end of the evening; made once, for each forgery begins with it.
    private static let image = Result {
        let evening = try ScriptedEvening()
        return CheckpointImage(of: evening.table, at: evening.now)
    }

    private func image() throws -> CheckpointImage { try Self.image.get() }

    @Test(arguments: seats + rooms + talk)
    func `what cannot be is turned down, though its hash is right`(_ forgery: Forgery) throws {
        var image = try image()
        forgery.forge(&image.states[1])
        let sections = ImageEncoding.sections(of: image)
        #expect(throws: SpellingFault.self) { _ = try ImageEncoding.image(of: sections, at: image.at) }
    }

    @Test func `sessions that share a number or an id are turned down`() throws {
        var twice = try image()
        twice.states[1].number = twice.states[0].number
        var backwards = try image()
        backwards.states.swapAt(0, 1)
        var used = try image()
        used.usedIDs.insert(used.states[0].id)
        var unknown = try image()
        unknown.lastNumber = 1
        var huge = try image()
        huge.lastNumber = .max
        for image in [twice, backwards, used, unknown, huge] {
            let sections = ImageEncoding.sections(of: image)
            #expect(throws: SpellingFault.self) { _ = try ImageEncoding.image(of: sections, at: image.at) }
        }
    }

    @Test func `a start passes over such a checkpoint, and says why`() throws {
        var image = try image()
        let storage = SimulatedStorage(seed: 1)
        let limits = JournalLimits(segmentBytes: 32 << 10)
        let recovery = try JournalRecovery(storage: storage, limits: limits)
        _ = try SessionRecovery(reading: recovery)
        let writer = try recovery.makeWriter(mode: .batch, at: image.at)
        var records: [NewRecord] = []
        for entry in try ScriptedEvening().entries { EntryEncoding.append(entry, to: &records) }
        try writer.append(records, term: writer.term, at: image.at)
        try writer.syncNow()
        let whole = image
        image.states[1].host = Self.nobody
        let sections = ImageEncoding.sections(of: image)
        let checkpoint = Checkpoint(
            sequence: writer.lastSequence,
            term: writer.term,
            time: image.at,
            encoding: ImageEncoding.version,
            stateHash: ImageEncoding.stateHash(of: sections),
            sections: sections
        )
        try Checkpoints.write(checkpoint, journalSyncedThrough: writer.syncedThrough, to: storage)
        storage.restart(losingPower: false)
        let again = try JournalRecovery(storage: storage, limits: limits)
        let found = try SessionRecovery(reading: again)
        #expect(again.report.skipped.map(\.why) == ["it holds what cannot be: a seat that is not there"])
        #expect(CheckpointImage(of: found.table, at: image.at) == whole)
    }
}

extension SessionState {
    fileprivate mutating func change(message index: Int, _ change: (inout Message) -> Void) {
        var messages = messages.messages
        change(&messages[index])
        self.messages = MessageLog(messages: messages)
    }

    fileprivate mutating func change(entry index: Int, _ change: (inout BacklogEntry) -> Void) {
        var entries = backlog.entries
        change(&entries[index])
        backlog = Backlog(entries: entries, reachesBackTo: backlog.reachesBackTo)
    }
}
