internal import Sessions

/// The people and rooms of a session at one moment, as a story calls them.
///
/// Names come from people: all that is printed has gone through `Printable`.
struct Cast {
    let state: SessionState

    init(_ state: SessionState) {
        self.state = state
    }

    /// The name; with the id where two people share it; the id alone where nothing is left of the name.
    func name(_ seat: SeatID) -> String {
        let person = state[seat]
        guard !person.name.isBlank else { return person.person.text }
        let isShared = state.seats.count { $0.name == person.name } > 1
        return isShared ? nameAndID(seat) : Self.printable(person.name)
    }

    /// The name, and always the id.
    func nameAndID(_ seat: SeatID) -> String {
        let person = state[seat]
        let name = person.name.isBlank ? "" : Self.printable(person.name) + " "
        return name.isEmpty ? person.person.text : "\(name)(\(person.person.text))"
    }

    /// `host NAME (p1)`.
    func roleAndName(_ seat: SeatID) -> String { "\(state[seat].role.word) \(nameAndID(seat))" }

    /// The room's name; with the id where two rooms of the round share it.
    func room(_ id: RoomID) -> String {
        guard let room = known(id) else { return Self.nameless(id) }
        let isShared = state.rooms.count { $0.round == room.round && $0.setup.name == room.setup.name } > 1
        return isShared || room.setup.name.isBlank ? roomAndID(id) : Self.printable(room.setup.name)
    }

    /// The room's name, and for a breakout room always the id.
    func roomAndID(_ id: RoomID) -> String {
        guard let room = known(id), !room.setup.name.isBlank else { return Self.nameless(id) }
        return "\(Self.printable(room.setup.name)) (\(id.text))"
    }

    /// Names with commas between them; of many the first ones.
    func names(_ seats: [SeatID]) -> String {
        let most = 12
        let names = seats.prefix(most).map { name($0) }.joined(separator: ", ")
        return seats.count > most ? "\(names) and \(seats.count - most) more" : names
    }

    /// The same, each with the id.
    func namesAndIDs(_ seats: [SeatID]) -> String {
        seats.prefix(12).map { nameAndID($0) }.joined(separator: ", ")
    }

    /// Text from elsewhere, on one line.
    static func printable(_ text: Text) -> String {
        Printable.text(String(decoding: text.utf8, as: UTF8.self))
    }

    /// The same in quotation marks.
    static func quoted(_ text: Text) -> String { "\u{201C}\(printable(text))\u{201D}" }

    private func known(_ id: RoomID) -> Room? { state.roomIndex(id).map { state.rooms[$0] } }

    private static func nameless(_ id: RoomID) -> String {
        switch id {
        case .main: "the main room"
        case .hosts: "the hosts' room"
        case .breakout: id.text
        }
    }
}

extension Text {
    /// Nothing can be seen of it: empty, or blanked because it was forgotten.
    var isBlank: Bool { utf8.allSatisfy { $0 == 0x20 } }
}

extension Role {
    /// For people.
    var word: String {
        switch self {
        case .host: "host"
        case .cohost: "co-host"
        case .participant: "participant"
        case .observer: "observer"
        }
    }
}

extension Presence {
    /// For people.
    var word: String {
        switch self {
        case .here: "here"
        case .away: "away"
        case .gone: "gone"
        case .left: "left"
        }
    }
}

extension AwayCause {
    /// For people.
    var word: String {
        switch self {
        case .closed: "closed"
        case .silent: "silent"
        case .slow: "slow"
        case .server: "the server went"
        }
    }
}

extension BreakoutMode {
    /// For people.
    var word: String {
        switch self {
        case .manual: "by hand"
        case .even: "even sizes"
        case .choose: "everybody chooses"
        case .mix: "schools mixed"
        }
    }
}

/// `1 person`, `3 people`.
func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
