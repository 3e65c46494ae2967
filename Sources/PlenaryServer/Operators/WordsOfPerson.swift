import SessionProtocol
import Sessions

/// Collects from a session's entries what a person wrote, and what was written of them.
struct WordsOfPerson {
    private(set) var words: [PersonInSession.Words] = []
    private(set) var joinedAt: Milliseconds = 0

    private let person: PersonID
    private var seat: SeatID?
    private var persons: [PersonID] = []
    /// Where the words of the person's messages stand.
    private var latest: [MessageID: Int] = [:]

    init(_ person: PersonID) {
        self.person = person
    }

    /// Takes the session's next entry.
    mutating func take(_ entry: SessionEntry) {
        if case .joined(let joined) = entry.event {
            if joined.person == person {
                seat = SeatID(persons.count)
                joinedAt = entry.at
            }
            persons.append(joined.person)
        }
        guard let seat else { return }
        takeTalk(entry, of: seat)
        takeRest(entry, of: seat)
    }

    private mutating func takeTalk(_ entry: SessionEntry, of seat: SeatID) {
        switch entry.event {
        case .chatSent(let sent) where sent.from == seat:
            latest[entry.seq] = words.count
            add(entry, "chat", about: name(of: sent.place), entry.text)
        case .chatEdited(let message, _):
            guard let before = latest[message] else { return }
            words[before].isTakenBack = true
            latest[message] = words.count
            add(entry, "edit", about: words[before].about, entry.text)
        case .chatDeleted(let message, _):
            if let before = latest[message] { words[before].isTakenBack = true }
        case .chatReacted(_, let emoji, let added, by: seat): add(entry, added ? "sign" : "signOff", emoji)
        case .helpAsked(let asked) where asked.from == seat:
            add(entry, "help", about: asked.room.text, entry.text)
        case .breakoutsAnnounced(by: seat): add(entry, "announcement", entry.text)
        default: break
        }
    }

    private mutating func takeRest(_ entry: SessionEntry, of seat: SeatID) {
        switch entry.event {
        case .labelled(let whose, let by) where whose == seat || by == seat:
            add(entry, "label", about: "of \(text(of: whose)) by \(text(of: by))", entry.text)
        case .attendanceMarked(let whose, _, _, let by) where whose == seat || by == seat:
            add(entry, "mark", about: "of \(text(of: whose)) by \(text(of: by))", entry.text)
        case .changed(let title, let place, by: seat):
            add(entry, "title", title)
            add(entry, "place", place)
        case .breakoutsOpened(let opened) where opened.by == seat:
            for (index, setup) in opened.rooms.enumerated() {
                add(entry, setup, in: .breakout(round: opened.round, number: index + 1))
            }
        case .roomAdded(let room, let setup, by: seat): add(entry, setup, in: room)
        case .roomRenamed(let room, let name, by: seat): add(entry, "room", about: room.text, name)
        default: break
        }
    }

    private mutating func add(_ entry: SessionEntry, _ setup: RoomSetup, in room: RoomID) {
        for (kind, text) in [("room", setup.name), ("task", setup.task), ("place", setup.place)]
            as [(JSONLiteral, Text)] where !text.isEmpty
        {
            add(entry, kind, about: room.text, text)
        }
    }

    private mutating func add(
        _ entry: SessionEntry,
        _ kind: JSONLiteral,
        about: String? = nil,
        _ text: Text?
    ) {
        // Of what is forgotten the length stays, in spaces.
        let isForgotten = text?.utf8.allSatisfy { $0 == 0x20 } ?? true
        words.append(.init(at: entry.at, kind: kind, about: about, text: isForgotten ? nil : text))
    }

    private func text(of seat: SeatID) -> String {
        persons.indices.contains(seat.index) ? persons[seat.index].text : "?"
    }

    private func name(of place: ChatPlace) -> String {
        switch place {
        case .room(let room): room.text
        case .direct(let to): "to \(text(of: to))"
        }
    }
}
