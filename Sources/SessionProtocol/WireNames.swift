package import Sessions

/// A choice of the domain that has a name on the wire.
package protocol WireChoice: CaseIterable, Sendable {
    /// The name on the wire.
    var wireName: JSONLiteral { get }
}

extension Role: WireChoice {
    package var wireName: JSONLiteral {
        switch self {
        case .host: "host"
        case .cohost: "cohost"
        case .participant: "participant"
        case .observer: "observer"
        }
    }
}

extension Phase: WireChoice {
    package var wireName: JSONLiteral {
        switch self {
        case .lobby: "lobby"
        case .live: "live"
        case .ended: "ended"
        }
    }
}

extension Presence: WireChoice {
    package var wireName: JSONLiteral {
        switch self {
        case .here: "here"
        case .away: "away"
        case .gone: "gone"
        case .left: "left"
        }
    }
}

extension AwayCause: WireChoice {
    package var wireName: JSONLiteral {
        switch self {
        case .closed: "closed"
        case .silent: "silent"
        case .slow: "slow"
        case .server: "server"
        }
    }
}

extension EndReason: WireChoice {
    package var wireName: JSONLiteral {
        switch self {
        case .ended: "ended"
        case .deserted: "deserted"
        case .dayOver: "dayOver"
        case .neverStarted: "neverStarted"
        }
    }
}

extension HostChangeReason: WireChoice {
    package var wireName: JSONLiteral {
        switch self {
        case .arrived: "arrived"
        case .left: "left"
        case .dropped: "dropped"
        case .accepted: "accepted"
        case .given: "given"
        case .reclaimed: "reclaimed"
        case .removed: "removed"
        }
    }
}

extension MoveReason: WireChoice {
    package var wireName: JSONLiteral {
        switch self {
        case .moved: "moved"
        case .entered: "entered"
        case .late: "late"
        }
    }
}

extension BreakoutMode: WireChoice {
    package var wireName: JSONLiteral {
        switch self {
        case .manual: "manual"
        case .even: "even"
        case .choose: "choose"
        case .mix: "mix"
        }
    }
}

extension BreakoutPhase: WireChoice {
    package var wireName: JSONLiteral {
        switch self {
        case .open: "open"
        case .closing: "closing"
        }
    }
}

extension LatePolicy: WireChoice {
    package var wireName: JSONLiteral {
        switch self {
        case .place: "place"
        case .main: "main"
        }
    }
}

extension RoomSignal: WireChoice {
    package var wireName: JSONLiteral {
        switch self {
        case .done: "done"
        case .moreTime: "moreTime"
        }
    }
}

extension EditName: WireChoice {
    /// The name of the push that told the edit.
    package var wireName: JSONLiteral {
        switch self {
        case .handoffOffered: "handoff.offered"
        case .handoffDeclined: "handoff.declined"
        case .handoffWithdrawn: "handoff.withdrawn"
        case .hostChanged: "host.changed"
        case .roleChanged: "role.changed"
        case .successionChanged: "succession.changed"
        case .breakoutsOpened: "breakouts.opened"
        case .moved: "participant.moved"
        case .roomAdded: "breakouts.roomAdded"
        case .roomRenamed: "breakouts.roomRenamed"
        case .roomRemoved: "breakouts.roomRemoved"
        case .breakoutsExtended: "breakouts.extended"
        case .breakoutsAnnounced: "breakouts.announced"
        case .breakoutsClosing: "breakouts.closing"
        case .breakoutsClosed: "breakouts.closed"
        case .breakoutsUndone: "breakouts.undone"
        }
    }
}
