import Sessions

/// What of a session is forgotten when it is archived, and when archives and segments are written anew.
///
/// 1. What was taken back: the words of deleted messages, and those that an edit has replaced.
/// 2. Who was erased (`personErased`, or `persons` of whom the session does not know yet): a pseudonym takes the place
///    of the id; name, school and all words that they wrote or that stand beside their name go. What others wrote stays.
/// 3. With `allWords`, everything that anybody wrote in the session. Ids, names, schools, times and what the tickets
///    said of the session stay.
///
/// Words are named by the `seq` of the event that they go with; the first ones of a message have the message's own.
/// First `take` all records of the session, in order, then ask for what is `remaining`.
struct Forgetting {
    /// Persons to be forgotten, where they took a seat with this record or one before.
    typealias Persons = [PersonID: Erased]

    struct Erased: Equatable {
        var pseudonym: PersonID
        var through: UInt64
    }

    let allWords: Bool
    private let persons: Persons
    /// The words that were taken back.
    private(set) var takenBack: Set<Int> = []
    /// Where the words of edited messages stand now.
    private var latest: [MessageID: Int] = [:]
    /// Whose the words are: who wrote them, and beside whose name they stand.
    private var owners: [Int: (SeatID, SeatID)] = [:]
    /// The seats by the records that made them.
    private var seats: [UInt64: SeatID] = [:]
    private var erased: [SeatID: PersonID] = [:]
    private var decoder = EntryDecoder()

    init(_ persons: Persons = [:], allWords: Bool = false) {
        self.persons = persons
        self.allWords = allWords
    }

    /// Nothing is to be forgotten but what was taken back.
    var sparesWords: Bool { erased.isEmpty && !allWords }

    /// Looks at the session's next record.
    mutating func take(_ record: JournalRecord) throws(SpellingFault) {
        guard RecordKind(rawValue: record.kind)?.tellsWhoseWords == true,
            case .session(let entry)? = try decoder.entry(of: record)
        else { return }
        switch entry.event {
        case .joined(let joined):
            let seat = SeatID(seats.count)
            seats[record.sequence] = seat
            if let found = persons[joined.person], record.sequence <= found.through {
                erased[seat] = found.pseudonym
            }
        case .personErased(let seat, let pseudonym, _): erased[seat] = pseudonym
        case .chatSent(let sent): owners[entry.seq] = (sent.from, sent.from)
        case .chatEdited(let message, let by):
            takenBack.insert(latest[message] ?? message)
            latest[message] = entry.seq
            owners[entry.seq] = (by, owners[message]?.0 ?? by)
        case .chatDeleted(let message, _): takenBack.insert(latest[message] ?? message)
        case .helpAsked(let asked): owners[entry.seq] = (asked.from, asked.from)
        case .labelled(let seat, let by), .attendanceMarked(let seat, _, _, let by):
            owners[entry.seq] = (by, seat)
        case .breakoutsAnnounced(let by): owners[entry.seq] = (by, by)
        default: break
        }
    }

    /// The record as it stays: of words to be forgotten only their length, in spaces.
    ///
    /// Rules that count the bytes of a text, and the state hash, then still come to the same.
    func remaining(of record: JournalRecord) throws(SpellingFault) -> JournalRecord {
        switch RecordKind(rawValue: record.kind) {
        case .text: return try remainingWords(of: record)
        case .joined where !erased.isEmpty, .chatSent where !sparesWords, .directSent where !sparesWords,
            .changed where !sparesWords, .breakoutsOpened where !sparesWords,
            .roomAdded where !sparesWords, .roomRenamed where !sparesWords:
            return try remainingEvent(of: record)
        default: return record
        }
    }

    private func forgets(_ seat: SeatID) -> Bool { allWords || erased[seat] != nil }

    private func remainingWords(of record: JournalRecord) throws(SpellingFault) -> JournalRecord {
        var reader = ByteReader(record.payload)
        let seq = try reader.number()
        let isOfErased = owners[seq].map { forgets($0.0) || forgets($0.1) } ?? allWords
        guard isOfErased || takenBack.contains(seq) else { return record }
        let text = try reader.text()
        var writer = ByteWriter()
        writer.number(seq)
        writer.text(text.blanked)
        var record = record
        record.payload = writer.bytes
        return record
    }

    private func remainingEvent(of record: JournalRecord) throws(SpellingFault) -> JournalRecord {
        var decoder = EntryDecoder()
        guard case .session(var entry)? = try decoder.entry(of: record) else { return record }
        let event = remaining(of: entry.event, madeBy: record.sequence)
        guard event != entry.event else { return record }
        entry.event = event
        var records: [NewRecord] = []
        EntryEncoding.append(.session(entry), to: &records)
        guard let spelled = records.last else { return record }
        var record = record
        (record.kind, record.version, record.payload) = (spelled.kind, spelled.version, spelled.payload)
        return record
    }

    private func remaining(of event: SessionEvent, madeBy sequence: UInt64) -> SessionEvent {
        switch event {
        case .joined(var joined):
            guard let seat = seats[sequence], let pseudonym = erased[seat] else { return event }
            joined.person = pseudonym
            joined.name = joined.name.blanked
            joined.school = joined.school.blanked
            return .joined(joined)
        case .chatSent(var sent):
            guard forgets(sent.from) else { return event }
            sent.key = sent.key?.blanked
            return .chatSent(sent)
        case .changed(let title, let place, let by):
            return forgets(by) ? .changed(title: title.blanked, place: place.blanked, by: by) : event
        case .breakoutsOpened(var opened):
            guard forgets(opened.by) else { return event }
            opened.rooms = opened.rooms.map(\.blanked)
            return .breakoutsOpened(opened)
        case .roomAdded(let room, let setup, let by):
            return forgets(by) ? .roomAdded(room, setup.blanked, by: by) : event
        case .roomRenamed(let room, let name, let by):
            return forgets(by) ? .roomRenamed(room, name: name.blankedRoomName, by: by) : event
        default: return event
        }
    }
}

extension RecordKind {
    /// Whether an event of this kind tells whose words some are, or which ones are gone.
    fileprivate var tellsWhoseWords: Bool {
        switch self {
        case .joined, .personErased, .chatSent, .directSent, .chatEdited, .chatDeleted, .helpAsked,
            .labelled, .attendanceMarked, .breakoutsAnnounced:
            true
        default: false
        }
    }
}

extension Text {
    /// As many spaces as the text has bytes.
    fileprivate var blanked: Text { Text(utf8: Array(repeating: 0x20, count: utf8.count)) }

    /// "Room 7" is what a room is called that nobody has named: no words of anybody's.
    fileprivate var blankedRoomName: Text {
        let given = Array("Room ".utf8)
        let isGiven =
            utf8.starts(with: given) && utf8.dropFirst(given.count).allSatisfy { (0x30...0x39).contains($0) }
        return isGiven ? self : blanked
    }
}

extension RoomSetup {
    fileprivate var blanked: RoomSetup {
        RoomSetup(name: name.blankedRoomName, task: task.blanked, place: place.blanked)
    }
}
