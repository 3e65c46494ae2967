import Sessions

/// An event from its payload on disk: the mirror of `EventWriting.swift`.
extension ByteReader {
    /// Reads an event of this kind, and nothing may be left.
    mutating func event(_ kind: RecordKind, version: UInt8) throws(SpellingFault) -> SessionEvent {
        let event: SessionEvent =
            switch kind {
            case .clock, .text, .blank, .personRenamed, .attendanceForgotten, .wordsForgotten:
                throw SpellingFault.unknownKind(kind.rawValue)
            case .created: .created(try created(version: version))
            case .started: .started(by: try seat())
            case .ending: .ending(by: try seat(), endsAt: try time())
            case .kept: .kept(by: try seat())
            case .ended: .ended(reason: try code(EndReason.self), endedAt: try time())
            case .archived: .archived
            case .locked: .locked(by: try seat(), locked: try flag())
            case .recovered: .recovered(downFrom: try time(), newEpoch: try epoch())
            case .changed: .changed(title: try text(), place: try text(), by: try seat())
            case .joined: .joined(try joined())
            case .attached: .attached(try seat())
            case .detached: .detached(try seat(), cause: try code(AwayCause.self))
            case .away: .away(try seat(), cause: try code(AwayCause.self))
            case .returned: .returned(try seat())
            case .gone: .gone(try seat())
            case .left: .left(try seat())
            case .removed: .removed(try seat(), by: try seat())
            case .labelled: .labelled(try seat(), by: try seat())
            case .muted: .muted(try seat(), muted: try flag(), by: try seat())
            case .hostChanged, .roleChanged, .successionChanged, .handoffOffered, .handoffDeclined,
                .handoffWithdrawn, .floorTaken, .floorYielded:
                try hosting(kind)
            case .breakoutsOpened, .moved, .breakoutsExtended, .breakoutsWarning, .breakoutsClosing,
                .breakoutsClosed, .breakoutsUndone, .confirmed, .roomAdded, .roomRenamed, .roomRemoved,
                .breakoutsAnnounced, .signalled, .passed:
                try rooms(kind, version: version)
            case .chatSent, .directSent, .chatEdited, .chatDeleted, .chatReacted, .chatSettings, .helpAsked,
                .helpClaimed, .helpResolved, .helpWithdrawn, .handRaised, .handLowered:
                try talk(kind)
            case .attendanceClaimed, .attendanceAccepted, .attendanceMarked, .personErased, .sessionErased:
                try attendance(kind)
            }
        guard isAtEnd else { throw .tooLong }
        return event
    }

    private mutating func hosting(_ kind: RecordKind) throws(SpellingFault) -> SessionEvent {
        switch kind {
        case .hostChanged:
            .hostChanged(
                from: try optionalSeat(),
                to: try optionalSeat(),
                reason: try code(HostChangeReason.self)
            )
        case .roleChanged: .roleChanged(try seat(), role: try code(Role.self), by: try seat())
        case .successionChanged: .successionChanged(try seats(), by: try seat())
        case .handoffOffered: .handoffOffered(from: try seat(), to: try seat())
        case .handoffDeclined: .handoffDeclined(by: try seat())
        case .handoffWithdrawn: .handoffWithdrawn(by: try seat(), to: try seat())
        case .floorTaken: .floorTaken(try seat(), until: try time())
        case .floorYielded: .floorYielded(by: try optionalSeat())
        default: throw .unknownKind(kind.rawValue)
        }
    }

    private mutating func rooms(_ kind: RecordKind, version: UInt8) throws(SpellingFault) -> SessionEvent {
        switch kind {
        case .breakoutsOpened: .breakoutsOpened(try opened())
        case .moved:
            .moved(
                try seat(),
                from: try room(),
                to: try room(),
                reason: try code(MoveReason.self),
                by: try optionalSeat()
            )
        case .breakoutsExtended: .breakoutsExtended(closesAt: try time(), by: try seat())
        case .breakoutsWarning: .breakoutsWarning
        case .breakoutsClosing: .breakoutsClosing(closesAt: try time(), by: try optionalSeat())
        case .breakoutsClosed:
            .breakoutsClosed(placements: try placements(), by: version == 1 ? nil : try optionalSeat())
        case .breakoutsUndone: .breakoutsUndone(placements: try placements(), by: try seat())
        case .confirmed: .confirmed(try seat(), room: try room(), seen: try flag())
        case .roomAdded: .roomAdded(try room(), try setup(), by: try seat())
        case .roomRenamed: .roomRenamed(try room(), name: try text(), by: try seat())
        case .roomRemoved: .roomRemoved(try room(), placements: try placements(), by: try seat())
        case .breakoutsAnnounced: .breakoutsAnnounced(by: try seat())
        case .signalled: .signalled(try seat(), signal: try flag() ? try code(RoomSignal.self) : nil)
        case .passed: .passed(try seat(), pass: try flag())
        default: throw .unknownKind(kind.rawValue)
        }
    }

    private mutating func talk(_ kind: RecordKind) throws(SpellingFault) -> SessionEvent {
        switch kind {
        case .chatSent: .chatSent(try sent(direct: false))
        case .directSent: .chatSent(try sent(direct: true))
        case .chatEdited: .chatEdited(try number(), by: try seat())
        case .chatDeleted: .chatDeleted(try number(), by: try seat())
        case .chatReacted: .chatReacted(try number(), emoji: try text(), added: try flag(), by: try seat())
        case .chatSettings: .chatSettings(locked: try flag(), slowSeconds: try number(), by: try seat())
        case .helpAsked:
            .helpAsked(HelpAsked(from: try seat(), room: try room(), unnamed: try flag()))
        case .helpClaimed: .helpClaimed(try number(), of: try seat(), by: try seat())
        case .helpResolved: .helpResolved(try number(), of: try seat(), by: try seat())
        case .helpWithdrawn: .helpWithdrawn(try number(), of: try seat())
        case .handRaised: .handRaised(try seat())
        case .handLowered: .handLowered(try seat(), by: try seat())
        default: throw .unknownKind(kind.rawValue)
        }
    }

    private mutating func attendance(_ kind: RecordKind) throws(SpellingFault) -> SessionEvent {
        switch kind {
        case .attendanceClaimed: .attendanceClaimed(try seat(), try interval())
        case .attendanceAccepted: .attendanceAccepted(try seat(), by: try seat())
        case .attendanceMarked:
            .attendanceMarked(try seat(), try interval(), present: try flag(), by: try seat())
        case .personErased:
            .personErased(try seat(), as: try person(), newEpoch: Epoch(bits: try unsigned()))
        case .sessionErased: .sessionErased
        default: throw .unknownKind(kind.rawValue)
        }
    }

    /// Reads what concerns no single session; nil when `kind` is of another sort.
    mutating func booksEvent(_ kind: RecordKind) throws(SpellingFault) -> BooksEvent? {
        let event: BooksEvent
        switch kind {
        case .personRenamed: event = .personRenamed(try person(), as: try person())
        case .attendanceForgotten: event = .attendanceForgotten(before: try time())
        case .wordsForgotten: event = .wordsForgotten(before: try time())
        default: return nil
        }
        guard isAtEnd else { throw .tooLong }
        return event
    }

    private mutating func created(version: UInt8) throws(SpellingFault) -> Created {
        Created(
            id: try session(),
            epoch: Epoch(bits: try unsigned()),
            community: try text(),
            title: try text(),
            place: try text(),
            isRehearsal: version > 1 ? try flag() : false
        )
    }

    private mutating func epoch() throws(SpellingFault) -> Epoch? {
        try flag() ? Epoch(bits: try unsigned()) : nil
    }

    private mutating func joined() throws(SpellingFault) -> Joined {
        Joined(
            person: try person(),
            name: try text(),
            school: try text(),
            ticketRole: try code(Role.self),
            room: try room()
        )
    }

    private mutating func opened() throws(SpellingFault) -> BreakoutsOpened {
        BreakoutsOpened(
            round: try number(),
            mode: try code(BreakoutMode.self),
            rooms: try list { (reader) throws(SpellingFault) in try reader.setup() },
            placements: try placements(),
            closesAt: try flag() ? try time() : nil,
            closing: try time(),
            late: try code(LatePolicy.self),
            hostsRead: try flag(),
            seed: try unsigned(),
            by: try seat()
        )
    }

    private mutating func sent(direct: Bool) throws(SpellingFault) -> ChatSent {
        ChatSent(
            from: try seat(),
            place: direct ? .direct(to: try seat()) : .room(try room()),
            replyTo: try flag() ? try number() : nil,
            key: try flag() ? try text() : nil
        )
    }

    mutating func interval() throws(SpellingFault) -> Interval {
        Interval(from: try time(), to: try time())
    }

    mutating func setup() throws(SpellingFault) -> RoomSetup {
        RoomSetup(name: try text(), task: try text(), place: try text())
    }

    mutating func optionalSeat() throws(SpellingFault) -> SeatID? {
        try flag() ? try seat() : nil
    }

    mutating func seats() throws(SpellingFault) -> [SeatID] {
        try list { (reader) throws(SpellingFault) in try reader.seat() }
    }

    mutating func placements() throws(SpellingFault) -> [Placement] {
        try list { (reader) throws(SpellingFault) in
            Placement(seat: try reader.seat(), room: try reader.room())
        }
    }
}
