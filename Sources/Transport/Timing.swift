internal import Fanout
internal import WebSocket

// What is due when nobody does anything.
extension EventLoop {
    /// Does what is due for the connection, and sees to it that the next thing will be done.
    func check(_ connection: Connection) {
        switch connection.phase {
        case .securing: checkSecuring(connection)
        case .head: checkHead(connection)
        case .waiting: checkWaiting(connection)
        case .open: checkOpen(connection)
        case .responding: checkResponse(connection)
        case .closing, .lingering:
            if now >= connection.closeAt {
                inbox.metrics.reject(.closeTimeout)
                drop(connection, .closed, reset: true)
            } else {
                wheel.schedule(connection.id.slot, at: connection.closeAt)
            }
        }
    }

    /// The time for the request runs from the first byte of TLS; nothing can be said in words yet.
    private func checkSecuring(_ connection: Connection) {
        let due = max(connection.startedAt, heldUpUntil) + limits.handshakeTimeout
        if now >= due {
            inbox.metrics.reject(.handshakeTimeout)
            drop(connection, .closed, reset: true)
        } else {
            wheel.schedule(connection.id.slot, at: due)
        }
    }

    private func checkHead(_ connection: Connection) {
        let due = max(connection.startedAt, heldUpUntil) + limits.handshakeTimeout
        if now >= due {
            inbox.metrics.reject(.handshakeTimeout)
            respond(connection, HTTPResponse(.requestTimeout, text: "The request took too long."))
        } else {
            wheel.schedule(connection.id.slot, at: due)
        }
    }

    private func checkWaiting(_ connection: Connection) {
        if now >= connection.closeAt {
            inbox.metrics.reject(.answerTimeout)
            respond(connection, tookTooLong())
        } else {
            wheel.schedule(connection.id.slot, at: connection.closeAt)
        }
    }

    private func checkResponse(_ connection: Connection) {
        let slot = connection.id.slot
        let since = hub.isBlocked(slot) ? progressAt(slot) : now
        var due = since + limits.outboxTimeout
        if isDraining {
            due = min(due, connection.closeAt)
        }
        if now >= due {
            inbox.metrics.reject(.slowConsumer)
            drop(connection, .closed, reset: true)
        } else {
            wheel.schedule(slot, at: due)
        }
    }

    private func checkOpen(_ connection: Connection) {
        let slot = connection.id.slot
        let attended = attended
        if hub.isBlocked(slot), now - progressAt(slot) >= limits.outboxTimeout {
            closeSlow(connection)
            return
        }
        if attended - connection.heardAttended >= limits.silentAfter {
            inbox.metrics.reject(.silent)
            drop(connection, .silent, reset: true)
            return
        }
        if isJoinDue(connection, attended) {
            fail(connection, .notJoined, Array("nothing joined in time".utf8), .joinTimeout)
            return
        }
        if connection.messageAt != 0, attended - connection.messageAt >= limits.messageTimeout {
            fail(connection, .policyViolation, Array("message took too long".utf8), .messageTimeout)
            return
        }
        beat(connection)
        wheel.schedule(slot, at: nextMoment(connection))
    }

    /// Since when a blocked outbox has had no chance that it did not take.
    private func progressAt(_ slot: UInt32) -> Int64 {
        max(hub.progressAt(slot), heldUpUntil)
    }

    private func isJoinDue(_ connection: Connection, _ attended: Int64) -> Bool {
        limits.joinTimeout > 0 && !connection.isJoined
            && attended - connection.startedAt >= limits.joinTimeout
    }

    /// Ping and quiet frame go together when both are due at about the same time: one call for the two.
    private func beat(_ connection: Connection) {
        let slot = connection.id.slot
        let pingDue = pingDue(connection)
        let quietDue = quietDue(connection)
        guard now >= min(pingDue, quietDue) else { return }
        if now >= pingDue - limits.pingAfter / 8 {
            connection.pingedAt = now
            if !hub.isBlocked(slot) {
                hub.append(FrameWriter.ping(), to: slot)
            }
        }
        if now >= quietDue - limits.quietAfter / 8 {
            hub.noteText(slot)
            if !hub.isBlocked(slot), let frame = application.quietFrame(at: now) {
                hub.append(frame, to: slot)
            }
        }
    }

    private func pingDue(_ connection: Connection) -> Int64 {
        max(connection.heardAt, connection.pingedAt) + limits.pingAfter
    }

    /// Never, before the join.
    private func quietDue(_ connection: Connection) -> Int64 {
        connection.isJoined ? hub.textAt(connection.id.slot) + limits.quietAfter : .max
    }

    /// The earliest moment at which anything can be due, by the loop's time.
    ///
    /// What goes by the attended time comes no earlier than this; if the loop has not read meanwhile, it is looked
    /// at again.
    private func nextMoment(_ connection: Connection) -> Int64 {
        let slot = connection.id.slot
        let behind = now - attended
        var moment = min(pingDue(connection), quietDue(connection))
        moment = min(moment, connection.heardAttended + limits.silentAfter + behind)
        if limits.joinTimeout > 0, !connection.isJoined {
            moment = min(moment, connection.startedAt + limits.joinTimeout + behind)
        }
        if connection.messageAt != 0 {
            moment = min(moment, connection.messageAt + limits.messageTimeout + behind)
        }
        if hub.isBlocked(slot) {
            moment = min(moment, progressAt(slot) + limits.outboxTimeout)
        }
        return moment
    }
}
