/// The permission table: for each command who may give it, and in which phases.
///
/// Asked in `decide`, and nowhere else.
package enum Permissions {
    /// The row of a command.
    package static func rule(for kind: CommandKind) -> PermissionRule {
        switch kind {
        case .start: PermissionRule(.eligible, .lobby)
        case .end: PermissionRule(.hosting, .live)
        case .keep: PermissionRule(.hosting, .live)
        case .leave: PermissionRule(.everybody, .lobby, .live)
        case .lock: PermissionRule(.hosting, .lobby, .live)
        case .set: PermissionRule(.hosting, .lobby, .live)
        case .timeSync: PermissionRule(.everybody, .lobby, .live, .ended)
        case .offerHandoff: PermissionRule(.host, .lobby, .live)
        case .acceptHandoff: PermissionRule(.writers, .lobby, .live)
        case .declineHandoff: PermissionRule(.writers, .lobby, .live)
        case .withdrawHandoff: PermissionRule(.host, .lobby, .live)
        case .giveHost: PermissionRule(.host, .lobby, .live)
        case .reclaimHost: PermissionRule(.owner, .lobby, .live)
        case .addCohost: PermissionRule(.host, .lobby, .live)
        case .removeCohost: PermissionRule(.host, .lobby, .live)
        case .setSuccession: PermissionRule(.host, .lobby, .live)
        case .takeFloor: PermissionRule(.hosting, .lobby, .live)
        case .yieldFloor: PermissionRule(.hosting, .lobby, .live)
        case .previewBreakouts: PermissionRule(.hosting, .lobby, .live)
        case .openBreakouts: PermissionRule(.hosting, .live)
        case .move: PermissionRule(.hosting, .live)
        case .addRoom: PermissionRule(.hosting, .live)
        case .renameRoom: PermissionRule(.hosting, .live)
        case .removeRoom: PermissionRule(.hosting, .live)
        case .extendBreakouts: PermissionRule(.hosting, .live)
        case .announce: PermissionRule(.hosting, .live)
        case .closeBreakouts: PermissionRule(.hosting, .live)
        case .undoBreakouts: PermissionRule(.hosting, .live)
        case .enterRoom: PermissionRule(.writers, .live)
        case .confirmRoom: PermissionRule(.everybody, .lobby, .live)
        case .signalRoom: PermissionRule(.writers, .live)
        case .pass: PermissionRule(.writers, .lobby, .live)
        case .askHelp: PermissionRule(.writers, .live)
        case .claimHelp: PermissionRule(.hosting, .live)
        case .resolveHelp: PermissionRule(.writers, .live)
        case .withdrawHelp: PermissionRule(.writers, .live)
        case .raiseHand: PermissionRule(.writers, .live)
        case .lowerHand: PermissionRule(.writers, .live)
        case .label: PermissionRule(.writers, .lobby, .live)
        case .mute: PermissionRule(.hosting, .lobby, .live)
        case .remove: PermissionRule(.hosting, .lobby, .live)
        case .sendChat: PermissionRule(.writers, .lobby, .live)
        case .editChat: PermissionRule(.writers, .lobby, .live)
        case .deleteChat: PermissionRule(.writers, .lobby, .live)
        case .reactChat: PermissionRule(.writers, .lobby, .live)
        case .chatHistory: PermissionRule(.everybody, .lobby, .live, .ended)
        case .chatSettings: PermissionRule(.hosting, .lobby, .live)
        case .typing: PermissionRule(.writers, .lobby, .live)
        // Also when it is over: only then is it known how long it was, and who has not been seen.
        case .reportAttendance: PermissionRule(.hosting, .live, .ended)
        case .ownAttendance: PermissionRule(.everybody, .live, .ended)
        case .claimAttendance: PermissionRule(.writers, .live, .ended)
        case .acceptAttendance: PermissionRule(.hosting, .live, .ended)
        case .markAttendance: PermissionRule(.hosting, .live, .ended)
        }
    }
}

extension Session {
    /// Turns `kind` down when `seat` may not give it now.
    func check(_ kind: CommandKind, by seat: SeatID) throws(Refusal) {
        // What was on its way when its sender was removed.
        guard !state[seat].isRemoved else { throw Refusal(.removed) }
        let rule = Permissions.rule(for: kind)
        guard rule.phases.contains(state.phase) else {
            switch state.phase {
            case .ended: throw Refusal(.ended)
            case .live: throw Refusal(.alreadyLive)
            case .lobby: throw Refusal(.notLive)
            }
        }
        let role = state[seat].role
        switch rule.right {
        case .everybody: return
        case .writers: if role == .observer { throw Refusal(.observersOnlyWatch) }
        case .eligible: if !state.isEligible(seat) { throw Refusal(.notEligible) }
        case .owner: if !state[seat].isOwner { throw Refusal(.notOwner) }
        case .hosting: if role != .host && role != .cohost { throw Refusal(.hostsOnly) }
        case .host: if role != .host { throw Refusal(.notHost) }
        }
    }
}

/// Who may give a command, and when.
package struct PermissionRule: Equatable, Sendable {
    package let right: Right
    package let phases: [Phase]

    init(_ right: Right, _ phases: Phase...) {
        self.right = right
        self.phases = phases
    }
}

/// Who may give a command.
package enum Right: String, CaseIterable, Sendable {
    case everybody
    /// All but observers.
    case writers
    /// Whoever may lead.
    case eligible
    /// Whose ticket said `host`.
    case owner
    /// Host and co-hosts.
    case hosting
    case host
}
