package import Journal
internal import SessionProtocol
package import Sessions

/// All that a folder holds of one person: what they may ask to be told of.
///
/// It is read from the disk, beside a running server too, which has nothing in memory that is not there.
package struct PersonRecord {
    let person: PersonID
    /// When they were last seen in a session that is over; nil: they are not counted as a member yet, or no more.
    private(set) var lastSeen: Milliseconds?
    /// In the order in which the sessions began to exist.
    private(set) var sessions: [PersonInSession] = []

    /// Reads everything.
    ///
    /// Throws `damaged`, also when an archive cannot be read that may hold them; `newerVersion` and `io`.
    package init(of person: PersonID, in storage: any Storage) throws(JournalFault) {
        self.person = person
        lastSeen = try Self.lastSeen(person, in: storage)
        for found in try Self.sessions(of: person, in: storage) {
            guard let history = try SessionHistory(of: found, in: storage),
                let session = try PersonInSession(person, history)
            else { continue }
            sessions.append(session)
        }
    }

    /// Nothing is kept of such a person.
    package var isEmpty: Bool { sessions.isEmpty && lastSeen == nil }

    /// Whether anything is kept of a person.
    ///
    /// An archive that cannot be read is passed over: whoever is erased is looked for in it once more.
    static func isKept(_ person: PersonID, in storage: any Storage) throws(JournalFault) -> Bool {
        if try lastSeen(person, in: storage) != nil { return true }
        var isFound = false
        _ = try SessionHistories.fold(storage) { folded throws(JournalFault) in
            if folded.state.seatByPerson[person] != nil { isFound = true }
        }
        return isFound
    }

    private static func sessions(
        of person: PersonID,
        in storage: any Storage
    ) throws(JournalFault) -> [SessionID] {
        var found: [(number: SessionNumber, id: SessionID)] = []
        let bad = try SessionHistories.fold(storage) { folded throws(JournalFault) in
            guard folded.state.seatByPerson[person] != nil else { return }
            found.append((folded.outline.number, folded.outline.id))
        }
        if let first = bad.first { throw first.fault }
        return found.sorted { $0.number < $1.number }.map(\.id)
    }

    /// As the books of the newest checkpoint have it.
    private static func lastSeen(
        _ person: PersonID,
        in storage: any Storage
    ) throws(JournalFault) -> Milliseconds? {
        for sequence in try Checkpoints.list(storage) {
            guard let checkpoint = try? Checkpoints.read(sequence, from: storage),
                let image = try? ImageEncoding.image(of: checkpoint)
            else { continue }
            return image.books.all.members[person]
        }
        return nil
    }
}

/// What one session holds of a person.
struct PersonInSession {
    private(set) var state: SessionState
    private(set) var seat: SeatID
    private(set) var words: [Words] = []
    private(set) var joinedAt: Milliseconds = 0

    /// Something that the person wrote, or that was written of them.
    struct Words {
        var at: Milliseconds
        var kind: JSONLiteral
        /// Where it stands, or what it is about; nil: nothing that needs saying.
        var about: String?
        /// Nil when the words are forgotten.
        var text: Text?
        /// They were taken back, or others took their place.
        var isTakenBack = false
    }

    /// Nil when the person has no seat there.
    ///
    /// Throws what reading throws.
    init?(_ person: PersonID, _ history: SessionHistory) throws(JournalFault) {
        var history = history
        var fold = SessionFold(history.number)
        var collecting = WordsOfPerson(person)
        var last: SessionState?
        while let entry = try history.next() {
            if case .archived = entry.event { last = fold.state }
            collecting.take(entry)
            do throws(SpellingFault) {
                try fold.take(entry)
            } catch {
                throw history.fault(error)
            }
        }
        guard let state = last ?? fold.state, let seat = state.seatByPerson[person] else { return nil }
        self.state = state
        self.seat = seat
        words = collecting.words
        joinedAt = collecting.joinedAt
    }

    /// Attendance as of the session's last event.
    var attendance: Attendance? { state.attendance(of: seat, at: state.lastAt).people.first }

    /// The times with a connection.
    var times: [Interval] {
        state[seat].intervals
            + (state[seat].attachedSince.map { [Interval(from: $0, to: state.lastAt)] } ?? [])
    }

    var rooms: [RoomTime] { state.roomTimes(of: seat, at: state.lastAt) }
}
