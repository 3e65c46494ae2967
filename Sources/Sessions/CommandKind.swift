/// The commands; the raw value is the name on the wire.
package enum CommandKind: String, CaseIterable, Sendable {
    case start = "session.start"
    case end = "session.end"
    case keep = "session.keep"
    case leave = "session.leave"
    case lock = "session.lock"
    case set = "session.set"
    case timeSync = "time.sync"

    case offerHandoff = "handoff.offer"
    case acceptHandoff = "handoff.accept"
    case declineHandoff = "handoff.decline"
    case withdrawHandoff = "handoff.withdraw"
    case giveHost = "handoff.give"
    case reclaimHost = "host.reclaim"
    case addCohost = "cohost.add"
    case removeCohost = "cohost.remove"
    case setSuccession = "succession.set"
    case takeFloor = "floor.take"
    case yieldFloor = "floor.yield"

    case previewBreakouts = "breakouts.preview"
    case openBreakouts = "breakouts.open"
    case move = "breakouts.move"
    case addRoom = "breakouts.addRoom"
    case renameRoom = "breakouts.renameRoom"
    case removeRoom = "breakouts.removeRoom"
    case extendBreakouts = "breakouts.extend"
    case announce = "breakouts.announce"
    case closeBreakouts = "breakouts.close"
    case undoBreakouts = "breakouts.undo"
    case enterRoom = "room.enter"
    case confirmRoom = "room.confirm"
    case signalRoom = "room.signal"
    case pass = "room.pass"

    case askHelp = "help.ask"
    case claimHelp = "help.claim"
    case resolveHelp = "help.resolve"
    case withdrawHelp = "help.withdraw"
    case raiseHand = "hand.raise"
    case lowerHand = "hand.lower"
    case label = "participant.label"
    case mute = "participant.mute"
    case remove = "participant.remove"

    case sendChat = "chat.send"
    case editChat = "chat.edit"
    case deleteChat = "chat.delete"
    case reactChat = "chat.react"
    case chatHistory = "chat.history"
    case chatSettings = "chat.settings"
    case typing = "chat.typing"

    case reportAttendance = "attendance.report"
    case ownAttendance = "attendance.mine"
    case claimAttendance = "attendance.claim"
    case acceptAttendance = "attendance.accept"
    case markAttendance = "attendance.mark"

    /// Its place in `allCases`.
    package var place: Int {
        var place = 0
        // Here and not where it is counted: in another target the compiler compares by a call each.
        for kind in Self.allCases {
            if kind == self { break }
            place += 1
        }
        return place
    }

    /// What kind of edit the command makes, so that it may say on which state it rests (`ifSeq`); nil when it may not.
    package var edits: EditKind? {
        switch self {
        case .offerHandoff, .acceptHandoff, .declineHandoff, .withdrawHandoff, .giveHost, .reclaimHost,
            .addCohost, .removeCohost, .setSuccession, .takeFloor, .yieldFloor:
            .hosting
        case .previewBreakouts, .openBreakouts, .move, .addRoom, .renameRoom, .removeRoom, .extendBreakouts,
            .announce, .closeBreakouts, .undoBreakouts:
            .breakouts
        default: nil
        }
    }
}
