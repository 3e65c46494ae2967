internal import Fanout
internal import WebSocket

// What goes out, at the end of a turn.
extension EventLoop {
    /// Sends what is pending, first to those whose sockets have room again, then to all others.
    func send() {
        for id in writable {
            if let connection = connection(id), isFlushed(connection) {
                if hub.resume(id.slot, &sending) {
                    write(connection)
                } else {
                    setInterest(connection)
                }
            }
        }
        writable.removeAll(keepingCapacity: true)
        hub.seal()
        repeat {
            while hub.next(&sending) {
                if let connection = connections[Int(sending.slot)] {
                    write(connection)
                }
            }
        } while closeSlowOnes()
    }

    /// Whether the kernel has all of the last TLS record, so that more may be sent.
    private func isFlushed(_ connection: Connection) -> Bool {
        guard let tls = connection.tls, tls.owes else { return true }
        guard tls.flush() else {
            drop(connection, .closed)
            return false
        }
        guard !tls.owes else { return false }
        setInterest(connection)
        if connection.shutsWhenSent, hub.pendingBytes(of: connection.id.slot) == 0 { shut(connection) }
        return true
    }

    /// Whether there were any, so that there is a close frame to be sent.
    private func closeSlowOnes() -> Bool {
        var found = false
        while let slot = hub.nextSlow() {
            found = true
            if let connection = connections[Int(slot)] {
                closeSlow(connection)
            }
        }
        return found
    }

    private func write(_ connection: Connection) {
        let result =
            connection.tls?.write(sending.pieces, recordBuffer)
            ?? Socket.write(connection.descriptor, sending.pieces)
        guard case .took(let count) = result else {
            drop(connection, .closed)
            return
        }
        inbox.metrics.bytesOut.add(count)
        inbox.metrics.writes.add(1)
        switch hub.sent(count, of: sending) {
        case .waits:
            if !connection.interest.contains(.write) {
                setInterest(connection)
                wheel.schedule(connection.id.slot, at: now + limits.outboxTimeout)
            }
        case .allSent where connection.owes:
            // What is to follow, a pong or the end, waits until the kernel has the rest of the record.
            setInterest(connection)
            wheel.schedule(connection.id.slot, at: now + limits.outboxTimeout)
        case .allSent:
            if connection.interest.contains(.write) {
                setInterest(connection)
            }
            if let payload = connection.unansweredPing {
                connection.unansweredPing = nil
                if connection.phase == .open {
                    hub.append(FrameWriter.pong(payload), to: connection.id.slot)
                    return
                }
            }
            if connection.shutsWhenSent {
                shut(connection)
            }
        }
    }
}
