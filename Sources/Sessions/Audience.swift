/// Who hears of an event, live.
///
/// The only place that says so.
package enum Audience: Equatable, Sendable {
    case nobody
    case everybody
    /// Those in the room now, and these seats besides, rising.
    case room(RoomID, also: [SeatID])
    /// The host and the co-hosts, wherever they are, and these seats besides, rising.
    case hosts(also: [SeatID])
    /// These seats alone, rising.
    case seats([SeatID])
}

extension SessionState {
    /// Who hears `event`, judged on the state after it was applied.
    package func audience(of event: SessionEvent) -> Audience {
        switch event {
        case .created, .archived, .recovered, .attached, .detached, .confirmed, .signalled, .personErased,
            .sessionErased:
            .nobody
        case .handoffOffered(let from, let to): concerning(from, to)
        case .handoffDeclined(let by): concerning(by)
        case .handoffWithdrawn(let by, let to): concerning(by, to)
        case .helpAsked(let asked): concerning(asked.from)
        case .helpClaimed(_, let of, _), .helpResolved(_, let of, _), .helpWithdrawn(_, let of):
            concerning(of)
        case .attendanceClaimed(let seat, _), .attendanceAccepted(let seat, _),
            .attendanceMarked(let seat, _, _, _):
            concerning(seat)
        case .chatSent(let sent): audience(of: sent.place, from: sent.from, by: sent.from)
        case .chatEdited(let id, let by), .chatDeleted(let id, let by), .chatReacted(let id, _, _, let by):
            messages.message(id).map { audience(of: $0.place, from: $0.from, by: by) } ?? .nobody
        case .started, .ending, .kept, .ended, .locked, .changed, .joined, .away, .returned, .gone, .left,
            .removed, .labelled, .muted, .hostChanged, .roleChanged, .successionChanged, .floorTaken,
            .floorYielded, .breakoutsOpened, .moved, .roomAdded, .roomRenamed, .roomRemoved,
            .breakoutsExtended, .breakoutsAnnounced, .breakoutsWarning, .breakoutsClosing, .breakoutsClosed,
            .breakoutsUndone, .passed, .handRaised, .handLowered, .chatSettings:
            .everybody
        }
    }

    /// The hosts, and of these persons those who are none.
    private func concerning(_ persons: SeatID...) -> Audience {
        .hosts(also: Set(persons).filter { !self[$0].isHosting }.sorted())
    }

    /// Who hears of a message: whose it is and who changed it do so wherever they are, since each may read it.
    private func audience(of place: ChatPlace, from sender: SeatID, by changer: SeatID) -> Audience {
        switch place {
        case .direct(let to): return .seats([sender, to].sorted())
        case .room(.main): return .everybody
        case .room(.hosts): return .hosts(also: [])
        case .room(let room):
            // A sender who has just been moved still sees their own words arrive.
            let own = Set([sender, changer]).filter { self[$0].room != room }
            if exists(room) { return .room(room, also: own.sorted()) }
            // The room has just closed: its people have scattered, and they are whom the words are for.
            return .room(room, also: own.union(everySeat { $0.previousRoom == room }).sorted())
        }
    }

    /// The seats behind an audience; nil when nobody hears.
    func heardBy(_ audience: Audience) -> HeardBy? {
        switch audience {
        case .nobody: nil
        case .everybody: .everybody
        case .hosts(let also): .seats((everySeat { $0.isHosting } + also).sorted())
        case .seats(let seats): .seats(seats)
        case .room(let room, let also): .seats(heardBy(room, also: also[...]))
        }
    }

    /// Those in the room and those besides, all of them rising: one pass, though a whole round may be besides.
    private func heardBy(_ room: RoomID, also: ArraySlice<SeatID>) -> [SeatID] {
        var also = also
        var heardBy: [SeatID] = []
        for index in seats.indices {
            let isBesides = also.first?.index == index
            if isBesides { also.removeFirst() }
            if isBesides || seats[index].room == room { heardBy.append(SeatID(index)) }
        }
        return heardBy
    }

    private func everySeat(where isMeant: (Seat) -> Bool) -> [SeatID] {
        var found: [SeatID] = []
        for index in seats.indices where isMeant(seats[index]) { found.append(SeatID(index)) }
        return found
    }

    /// Whether `seat` may read a room's messages afterwards.
    package func mayRead(_ room: RoomID, by seat: SeatID) -> Bool {
        switch room {
        case .main: return true
        case .hosts: return self[seat].isHosting
        case .breakout:
            guard let index = roomIndex(room) else { return false }
            return rooms[index].visitors.contains(seat) || (rooms[index].hostsRead && self[seat].isHosting)
        }
    }

    /// Whether `seat` may read a message afterwards.
    package func mayRead(_ message: Message, by seat: SeatID) -> Bool {
        switch message.place {
        case .room(let room): mayRead(room, by: seat)
        case .direct(let to): message.from == seat || to == seat
        }
    }
}
