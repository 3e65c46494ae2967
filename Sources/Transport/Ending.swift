internal import Fanout
package import WebSocket

// The ways out.
extension EventLoop {
    /// The one place where a connection leaves `open`: no delivery reaches it any more, and the application hears it.
    func end(_ connection: Connection, _ cause: CloseCause) {
        guard connection.phase == .open else { return }
        connection.phase = .closing
        if connection.isPaused {
            // Nothing of it goes to the application any more, and the peer's close frame is to be seen.
            connection.isPaused = false
            setInterest(connection)
        }
        hub.detach(connection.id.slot)
        inbox.metrics.upgraded.add(-1)
        if connection.isPending {
            connection.isPending = false
            settle(connection.client)
        }
        owesTurnEnd = true
        application.closed(connection.id, cause: cause, at: now)
    }

    /// A delivery closes the connection.
    func close(_ closing: Closing) {
        guard let connection = connections[Int(closing.slot)] else { return }
        end(connection, .server)
        follow(connection.handshake.start(closing.code, reason: closing.reason), connection)
    }

    /// The application closes the connection in answer to a message.
    func refuse(_ connection: Connection, _ code: CloseCode, _ reason: [UInt8]) {
        end(connection, .violation)
        follow(connection.handshake.start(code, reason: reason), connection)
    }

    /// The peer broke a rule or a limit (RFC 6455 section 7.1.7): a close frame, and TCP is shut without waiting.
    func fail(_ connection: Connection, _ code: CloseCode, _ reason: [UInt8], _ why: RejectReason) {
        if connection.phase == .open {
            inbox.metrics.reject(why)
        }
        end(connection, .violation)
        follow(connection.handshake.fail(code, reason: reason), connection)
    }

    /// 4413: what waits is dropped up to the next frame, so that the close frame has a chance of being read.
    func closeSlow(_ connection: Connection) {
        // A response is as large as it is; only time counts for it.
        guard connection.phase == .open else { return }
        inbox.metrics.reject(.slowConsumer)
        inbox.metrics.slowConsumers.add(1)
        hub.cut(connection.id.slot)
        end(connection, .slow)
        follow(connection.handshake.start(.slowConsumer, reason: Array("slow consumer".utf8)), connection)
    }

    /// Does what the close handshake says is to be done.
    func follow(_ step: CloseHandshake.Step, _ connection: Connection) {
        if let frame = step.frame {
            hub.append(frame, to: connection.id.slot, exempt: true)
        }
        switch step.then {
        case .carryOn, .awaitTCPClose: return
        case .awaitClose: break
        case .closeTCP: connection.shutsWhenSent = true
        }
        connection.closeAt = now + limits.closeTimeout
        wheel.schedule(connection.id.slot, at: connection.closeAt)
        if connection.shutsWhenSent, !connection.owes, hub.pendingBytes(of: connection.id.slot) == 0 {
            shut(connection)
        }
    }

    /// A response that ends the connection.
    func respond(_ connection: Connection, _ response: HTTPResponse) {
        if connection.phase == .waiting {
            waitingCount -= 1
            connection.phase = .responding
            // What the peer still says is read and thrown away, or its end would be a reset.
            setInterest(connection)
        }
        if connection.held != nil {
            connection.held = nil
            setInterest(connection)
        }
        connection.headReading = nil
        connection.phase = .responding
        connection.shutsWhenSent = true
        connection.closeAt = now + limits.closeTimeout
        if connection.isPending {
            connection.isPending = false
            settle(connection.client)
        }
        let bytes = response.bytes(withBody: connection.wantsBody)
        hub.append(bytes, to: connection.id.slot, exempt: true, isOpaque: true)
        check(connection)
    }

    /// The answer comes from another thread: nothing is read until it is there, or patience is at its end.
    func wait(_ connection: Connection) {
        guard waitingCount < limits.maxWaitingRequests else {
            inbox.metrics.reject(.waiting)
            respond(connection, comeBackLater())
            return
        }
        waitingCount += 1
        connection.headReading = nil
        connection.phase = .waiting
        connection.closeAt = now + limits.answerTimeout
        setInterest(connection)
        check(connection)
    }

    /// The answer has come; perhaps to somebody who has gone or was told to come back.
    func respond(later response: HTTPResponse, to id: ConnectionID) {
        guard let connection = connection(id), connection.phase == .waiting else { return }
        respond(connection, response)
    }

    /// All is sent: our side is shut, and the peer has a bounded time to do the same (RFC 6455 section 7.1.1).
    func shut(_ connection: Connection) {
        if connection.hasPeerShut {
            finish(connection)
            return
        }
        connection.tls?.sayGoodbye()
        Socket.shutOutput(connection.descriptor)
        connection.phase = .lingering
        connection.closeAt = now + limits.closeTimeout
        wheel.schedule(connection.id.slot, at: connection.closeAt)
    }

    /// Ends the connection without ceremony.
    func drop(_ connection: Connection, _ cause: CloseCause, reset: Bool = false) {
        end(connection, cause)
        if reset {
            Socket.resetOnClose(connection.descriptor)
        }
        finish(connection)
    }

    /// Forgets the connection; the descriptor is closed with it.
    func finish(_ connection: Connection) {
        let slot = connection.id.slot
        guard let found = connections[Int(slot)], found === connection else { return }
        if connection.phase == .waiting {
            waitingCount -= 1
        }
        if connection.phase == .securing {
            handshakes.count -= 1
        }
        connections[Int(slot)] = nil
        wheel.cancel(slot)
        hub.release(slot)
        connectionCount -= 1
        if connection.isTurnedAway {
            turnedAwayCount -= 1
        } else {
            shared.leave()
        }
        if connection.isPending {
            connection.isPending = false
            settle(connection.client)
        }
    }

    /// From here on nobody is let in, and everybody is told to come back after a wait of their own.
    func drain() {
        guard !isDraining else { return }
        isDraining = true
        for case .some(let connection) in connections {
            switch connection.phase {
            case .securing: drop(connection, .closed)
            case .head:
                inbox.metrics.reject(.draining)
                respond(connection, comeBackLater())
            case .open:
                end(connection, .server)
                let wait = Int64.random(in: 0...max(0, limits.reconnectSpread))
                follow(connection.handshake.start(.goingAway, reason: Array("\(wait)".utf8)), connection)
            case .waiting, .closing, .responding, .lingering: break
            }
            // Patience with responses, and with those who are to give one, ends too.
            connection.closeAt = now + limits.closeTimeout
            wheel.schedule(connection.id.slot, at: connection.closeAt)
        }
    }

    /// 503: what was asked for may still be done, and nobody is there to say so.
    func tookTooLong() -> HTTPResponse {
        HTTPResponse(
            .serviceUnavailable,
            fields: [HTTPField("Retry-After", String(Int.random(in: limits.retryAfterSeconds)))],
            text: "The answer is not there yet, and nobody waits for it any longer. Please ask again."
        )
    }

    /// 503 with a jittered `Retry-After`.
    func comeBackLater() -> HTTPResponse {
        HTTPResponse(
            .serviceUnavailable,
            fields: [HTTPField("Retry-After", String(Int.random(in: limits.retryAfterSeconds)))],
            text: "The server takes no more connections at the moment. Please come back in a few seconds."
        )
    }
}

extension CloseCode {
    /// Did not join in time; come back, with back-off.
    package static let notJoined = CloseCode(rawValue: 4408)
    /// Did not take what it was sent; come back and resume.
    package static let slowConsumer = CloseCode(rawValue: 4413)
}
