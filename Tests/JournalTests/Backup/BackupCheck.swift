import Journal
import Sessions
import Testing

/// What is true of a copy: measured by a server that knows what happened.
struct BackupCheck {
    let server: SmallServer
    /// How many entries were acknowledged, and who had been erased, when the copying began.
    let acknowledged: Int
    let erased: Set<PersonID>

    /// As it is now.
    init(_ server: SmallServer, erased: Set<PersonID> = []) {
        self.server = server
        self.erased = erased
        acknowledged = server.acknowledged
    }

    /// The copy starts, is sound, and has everything that was acknowledged before and nothing of who was erased; and
    /// when the erasures that were made since are made again, nothing of those either.
    func check(_ copy: SimulatedStorage, words: [PersonID: String] = [:], _ comment: Comment) throws {
        try #require(try Verified(copy).isSound, comment)
        try #require(!copy.names.contains { $0.hasSuffix(".part") || $0 == Backup.marker }, comment)
        _ = try copy.recoveredHash()
        let known = try ErasureList.read(copy)
        let listed = try ErasureList.read(server.storage)
        try checkHistories(of: copy, listed, comment)

        // A start finishes what was begun.
        let begun = try Erasing.unfinished(in: copy)?.persons ?? [:]
        for (person, pseudonym) in begun { try ErasingFolder.erase(person, as: pseudonym, in: copy) }
        for (person, canary) in words {
            let isKnown = known.entries.contains { $0.subject.pseudonym(of: person) != nil }
            guard isKnown || erased.contains(person) else { continue }
            try #require(copy.traces(of: canary) == [], comment)
        }
        for (person, canary) in words {
            let pseudonym = listed.entries.compactMap { $0.subject.pseudonym(of: person) }.first
            guard let pseudonym, !known.has(.person(person, as: pseudonym)) else { continue }
            try ErasingFolder.erase(person, as: pseudonym, in: copy)
            try #require(copy.traces(of: canary) == [], comment)
        }
        try #require(try Verified(copy).isSound, comment)
    }

    private func checkHistories(
        of copy: SimulatedStorage,
        _ listed: ErasureList,
        _ comment: Comment
    ) throws {
        var last: [SessionNumber: Int] = [:]
        for entry in server.entries.prefix(acknowledged) { last[entry.session] = entry.seq }
        var folded: [SessionNumber: SessionHistories.Folded] = [:]
        let bad = try SessionHistories.fold(copy) { folded[$0.outline.number] = $0 }
        try #require(bad.isEmpty, comment)
        for (number, seq) in last {
            let mine = server.entries.filter { $0.session == number }
            guard case .created(let created) = mine[0].event else { continue }
            let isErased = mine.contains { $0.event == .sessionErased }
            if isErased || listed.has(.session(created.id, created.epoch)) { continue }
            let found = try #require(folded[number], comment)
            // `archived` and what is behind it is no part of the state.
            let isOver = mine.contains { $0.seq <= seq && $0.event == .archived }
            try #require(found.outline.lastSeq >= (isOver ? seq - 1 : seq), comment)
            var table = SessionTable()
            for entry in mine where entry.seq <= found.outline.lastSeq { table.apply(entry) }
            let state = try #require(table.sessions[number]?.state, comment)
            try #require(ImageEncoding.stateHash(of: state) == found.hash, comment)
        }
    }
}

extension ErasureList.Subject {
    /// The pseudonym, if it is this person's.
    fileprivate func pseudonym(of person: PersonID) -> PersonID? {
        guard case .person(let pseudonym, _) = self, self == .person(person, as: pseudonym) else {
            return nil
        }
        return pseudonym
    }
}
