/// What hosts have changed of late, so that a command that rests on an older state can be turned down (`stale`).
///
/// Two hosts who work at once must not undo each other unknowingly: a command may carry `ifSeq`, the number of the last
/// event its sender knows, and is compared with the last edit of its own kind. Joins, late placements, what people do
/// themselves and what falls due are no edits; but whatever changes the host is one of hosting, also when nobody did it.
package struct Edits: Equatable, Sendable {
    /// The newest of each kind, oldest first.
    package private(set) var entries: [Edit] = []

    package init(entries: [Edit] = []) {
        self.entries = entries
    }

    mutating func append(_ edit: Edit) {
        entries.append(edit)
        guard entries.count(where: { $0.kind == edit.kind }) > StateBounds.editsPerKind else { return }
        if let oldest = entries.firstIndex(where: { $0.kind == edit.kind }) { entries.remove(at: oldest) }
    }

    /// The edits of a kind that came after `seq`, as far back as they are kept.
    package func after(_ seq: Int, of kind: EditKind) -> [Edit] {
        entries.filter { $0.kind == kind && $0.seq > seq }
    }
}

/// One change that a host made.
package struct Edit: Equatable, Sendable {
    package var seq: Int
    package var what: EditName
    /// Nil when it came about by itself: a host who dropped, somebody who arrived.
    package var by: SeatID?

    package init(seq: Int, what: EditName, by: SeatID?) {
        self.seq = seq
        self.what = what
        self.by = by
    }

    var kind: EditKind { what.kind }
}

/// The two fields that hosts work on.
package enum EditKind: UInt8, CaseIterable, Sendable {
    case hosting = 1
    case breakouts = 2
}

/// Which change it was; on the wire it has the name of its push.
package enum EditName: UInt8, CaseIterable, Sendable {
    case handoffOffered = 1
    case handoffDeclined = 2
    case handoffWithdrawn = 3
    case hostChanged = 4
    case roleChanged = 5
    case successionChanged = 6

    case breakoutsOpened = 20
    case moved = 21
    case roomAdded = 22
    case roomRenamed = 23
    case roomRemoved = 24
    case breakoutsExtended = 25
    case breakoutsAnnounced = 26
    case breakoutsClosing = 27
    case breakoutsClosed = 28
    case breakoutsUndone = 29

    var kind: EditKind { rawValue < 20 ? .hosting : .breakouts }
}

extension SessionEvent {
    /// The edit that the event is, when it is one.
    ///
    /// The floor is a sign: taking it changes nothing that another host rests on.
    func edit(seq: Int) -> Edit? {
        switch self {
        case .handoffOffered(let from, _): Edit(seq: seq, what: .handoffOffered, by: from)
        case .handoffDeclined(let by): Edit(seq: seq, what: .handoffDeclined, by: by)
        case .handoffWithdrawn(let by, _): Edit(seq: seq, what: .handoffWithdrawn, by: by)
        case .hostChanged(let from, let to, let reason):
            Edit(seq: seq, what: .hostChanged, by: reason.isByNewHost ? to : reason.isByOldHost ? from : nil)
        case .roleChanged(_, _, let by): Edit(seq: seq, what: .roleChanged, by: by)
        case .successionChanged(_, let by): Edit(seq: seq, what: .successionChanged, by: by)
        case .breakoutsOpened(let opened): Edit(seq: seq, what: .breakoutsOpened, by: opened.by)
        case .moved(_, _, _, .moved, let by): Edit(seq: seq, what: .moved, by: by)
        case .roomAdded(_, _, let by): Edit(seq: seq, what: .roomAdded, by: by)
        case .roomRenamed(_, _, let by): Edit(seq: seq, what: .roomRenamed, by: by)
        case .roomRemoved(_, _, let by): Edit(seq: seq, what: .roomRemoved, by: by)
        case .breakoutsExtended(_, let by): Edit(seq: seq, what: .breakoutsExtended, by: by)
        case .breakoutsAnnounced(let by): Edit(seq: seq, what: .breakoutsAnnounced, by: by)
        case .breakoutsClosing(_, let by?): Edit(seq: seq, what: .breakoutsClosing, by: by)
        case .breakoutsClosed(_, let by?): Edit(seq: seq, what: .breakoutsClosed, by: by)
        case .breakoutsUndone(_, let by): Edit(seq: seq, what: .breakoutsUndone, by: by)
        default: nil
        }
    }
}

extension HostChangeReason {
    fileprivate var isByNewHost: Bool { self == .accepted || self == .reclaimed || self == .arrived }
    fileprivate var isByOldHost: Bool { self == .given || self == .left }
}
