import Sessions

/// An event from its payload on disk: the mirror of `EventWriting.swift`.
extension ByteReader {
    /// Reads an event of this kind, and nothing may be left.
    mutating func event(_ kind: RecordKind) throws(SpellingFault) -> SessionEvent {
        let event: SessionEvent =
            switch kind {
            case .clock, .text: throw SpellingFault.unknownKind(kind.rawValue)
            case .created: .created(try created())
            case .started: .started(by: try seat())
            case .ending: .ending(by: try seat(), endsAt: try time())
            case .kept: .kept(by: try seat())
            case .ended: .ended(reason: try code(EndReason.self), endedAt: try time())
            case .archived: .archived
            case .locked: .locked(by: try seat(), locked: try flag())
            case .recovered: .recovered(downFrom: try time(), newEpoch: try epoch())
            case .joined: .joined(try joined())
            case .attached: .attached(try seat())
            case .detached: .detached(try seat(), cause: try code(AwayCause.self))
            case .away: .away(try seat(), cause: try code(AwayCause.self))
            case .returned: .returned(try seat())
            case .gone: .gone(try seat())
            case .left: .left(try seat())
            case .hostChanged:
                .hostChanged(
                    from: try optionalSeat(),
                    to: try optionalSeat(),
                    reason: try code(HostChangeReason.self)
                )
            case .roleChanged: .roleChanged(try seat(), role: try code(Role.self), by: try seat())
            case .successionChanged: .successionChanged(try seats(), by: try seat())
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
            case .breakoutsClosed: .breakoutsClosed(placements: try placements())
            case .breakoutsUndone: .breakoutsUndone(placements: try placements(), by: try seat())
            case .confirmed: .confirmed(try seat(), room: try room(), seen: try flag())
            case .chatSent: .chatSent(try sent())
            }
        guard isAtEnd else { throw .tooLong }
        return event
    }

    private mutating func created() throws(SpellingFault) -> Created {
        Created(
            id: try session(),
            epoch: Epoch(bits: try unsigned()),
            community: try text(),
            title: try text(),
            place: try text()
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

    private mutating func sent() throws(SpellingFault) -> ChatSent {
        ChatSent(
            from: try seat(),
            room: try room(),
            replyTo: try flag() ? try number() : nil,
            key: try flag() ? try text() : nil
        )
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
