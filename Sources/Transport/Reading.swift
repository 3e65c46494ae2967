internal import Fanout
internal import WebSocket

// What comes in.
extension EventLoop {
    /// The time that has passed for those who were listened to.
    var attended: Int64 {
        (pausedAt ?? now) - unattended
    }

    /// Reads once what the socket has; the kernel reports it again if there is more.
    func read(_ connection: Connection) {
        if connection.phase == .open, !application.mayRead {
            pause(connection)
            return
        }
        if connection.phase == .waiting || connection.held != nil {
            // Reported although nobody asked: the peer has reset the connection.
            drop(connection, .closed)
            return
        }
        let buffer = UnsafeMutableRawBufferPointer(readBuffer)
        let result: Socket.ReadResult
        if let tls = connection.tls {
            result = tls.read(into: buffer)
            if tls.mayHaveMore { unread.append(connection.id) }
        } else {
            result = Socket.read(connection.descriptor, into: buffer)
        }
        switch result {
        case .bytes(let count):
            inbox.metrics.bytesIn.add(count)
            connection.heardAt = now
            connection.heardAttended = attended
            receive(count, connection)
        case .nothing: break
        case .end: peerHasShut(connection)
        case .broken: drop(connection, .closed)
        }
    }

    /// Sets what the kernel reports of the connection.
    func setInterest(_ connection: Connection) {
        var interest: Poll.Interest = []
        let isWaiting = connection.phase == .waiting || connection.held != nil
        if !connection.isPaused, !connection.hasPeerShut, !isWaiting {
            interest.insert(.read)
        }
        if hub.isBlocked(connection.id.slot) || connection.owes {
            interest.insert(.write)
        }
        if interest != connection.interest {
            connection.interest = interest
            poll.change(connection.descriptor.number, interest, token: connection.token)
        }
    }

    /// Reads from those again who were left alone, once the application may take more.
    func resumeReading() {
        guard let since = pausedAt, application.mayRead else { return }
        unattended += now - since
        pausedAt = nil
        for id in paused {
            if let connection = connection(id) {
                connection.isPaused = false
                setInterest(connection)
                // The kernel knows nothing of what was decrypted before.
                if connection.tls?.mayHaveMore == true { unread.append(id) }
            }
        }
        paused.removeAll()
    }

    /// Goes on with those who had more in a TLS record than one turn takes.
    func readUnread() {
        guard !unread.isEmpty else { return }
        let ids = unread
        unread.removeAll(keepingCapacity: true)
        for id in ids {
            if let connection = connection(id), !connection.isPaused, connection.phase != .waiting,
                connection.held == nil, connection.tls?.mayHaveMore == true
            {
                read(connection)
            }
        }
    }

    func connection(_ id: ConnectionID) -> Connection? {
        guard let connection = connections[Int(id.slot)], connection.id == id else { return nil }
        return connection
    }

    private func pause(_ connection: Connection) {
        if pausedAt == nil {
            pausedAt = now
        }
        guard !connection.isPaused else {
            // Reported although nobody asked: the peer has reset the connection.
            drop(connection, .closed)
            return
        }
        connection.isPaused = true
        paused.append(connection.id)
        setInterest(connection)
    }

    private func receive(_ count: Int, _ connection: Connection) {
        switch connection.phase {
        case .head: receiveHead(count, connection)
        case .open, .closing: receiveFrames(0..<count, connection)
        case .securing, .waiting, .responding, .lingering: break
        }
    }

    private func receiveHead(_ count: Int, _ connection: Connection) {
        guard let reading = connection.headReading else { return }
        switch reading.parser.feed(UnsafeBufferPointer(rebasing: readBuffer[..<count]).span) {
        case .needsMore: break
        case .refused(let response):
            inbox.metrics.reject(.badRequest)
            respond(connection, response)
        case .head(let head, let consumed):
            if isDraining {
                inbox.metrics.reject(.draining)
                respond(connection, comeBackLater())
                return
            }
            if mayAnswer(head, rest: consumed..<count, connection) {
                answerRequest(head, rest: consumed..<count, connection)
            }
        }
    }

    /// Has the application answer; `rest` is what stands behind the head in the read buffer.
    func answerRequest(_ head: RequestHead, rest: Range<Int>, _ connection: Connection) {
        owesTurnEnd = true
        switch application.request(head, on: connection.id, from: connection.client, at: now) {
        case .respond(let response):
            connection.wantsBody = head.method != "HEAD"
            respond(connection, response)
        case .later:
            connection.wantsBody = head.method != "HEAD"
            wait(connection)
        case .upgrade(let response):
            upgrade(connection, response)
            // Behind the head there are frames, never another request.
            receiveFrames(rest, connection)
        }
    }

    private func upgrade(_ connection: Connection, _ response: [UInt8]) {
        hub.append(response, to: connection.id.slot, exempt: true, isOpaque: true)
        hub.noteText(connection.id.slot)
        connection.headReading = nil
        connection.phase = .open
        connection.startedAt = attended
        connection.heardAttended = attended
        inbox.metrics.upgraded.add(1)
        check(connection)
    }

    private func receiveFrames(_ range: Range<Int>, _ connection: Connection) {
        var batch = incoming
        incoming = []
        var violation: Violation?
        do {
            try connection.machine.receive(
                UnsafeBufferPointer(rebasing: readBuffer[range]).span,
                into: &batch
            )
        } catch {
            violation = error
        }
        var hasMessage = false
        for event in batch {
            switch event {
            case .text(let bytes):
                hasMessage = true
                take(.text, bytes, connection)
            case .binary(let bytes):
                hasMessage = true
                take(.binary, bytes, connection)
            case .ping(let payload): answer(ping: payload, connection)
            case .pong: countControl(1, connection)
            case .close(let code, _):
                end(connection, .closed)
                follow(connection.handshake.received(code), connection)
            }
        }
        batch.removeAll(keepingCapacity: batch.capacity <= 1_024)
        incoming = batch
        if let violation {
            fail(connection, violation.code, violation.reasonBytes, .violation)
        } else if connection.phase == .open {
            countControl(Int(connection.machine.emptyFrames &- connection.emptyFramesSeen), connection)
            connection.emptyFramesSeen = connection.machine.emptyFrames
            timeMessage(connection, hasMessage)
        }
    }

    private func take(_ kind: MessageKind, _ bytes: [UInt8], _ connection: Connection) {
        // Behind our close frame nothing counts.
        guard connection.phase == .open else { return }
        inbox.metrics.messagesIn.add(1)
        if bytes.isEmpty {
            countControl(1, connection)
            guard connection.phase == .open else { return }
        }
        owesTurnEnd = true
        let slot = connection.id.slot
        switch application.message(kind, bytes, on: connection.id, at: now) {
        case .nothing: break
        case .reply(let frame):
            hub.append(frame, to: slot)
            hub.noteText(slot)
        case .joining: join(connection)
        case .close(let code, let reason): refuse(connection, code, reason)
        case .replyAndClose(let frame, let code, let reason):
            hub.append(frame, to: slot)
            refuse(connection, code, reason)
        }
    }

    private func join(_ connection: Connection) {
        connection.isJoined = true
        connection.machine.limits = limits.messagesAfterJoin
        if connection.isPending {
            connection.isPending = false
            settle(connection.client)
        }
    }

    /// RFC 6455 section 5.5.3: a pong with the ping's payload; of several only the newest needs one, which matters
    /// when the peer does not take what it is sent.
    private func answer(ping payload: [UInt8], _ connection: Connection) {
        countControl(1, connection)
        guard connection.phase == .open else { return }
        if hub.isBlocked(connection.id.slot) {
            connection.unansweredPing = payload
        } else {
            hub.append(FrameWriter.pong(payload), to: connection.id.slot)
        }
    }

    private func countControl(_ count: Int, _ connection: Connection) {
        guard count > 0, connection.phase == .open else { return }
        if attended - connection.controlSecond >= 1_000 {
            connection.controlSecond = attended
            connection.controlFrames = 0
        }
        connection.controlFrames += count
        if connection.controlFrames > limits.maxControlFramesPerSecond {
            fail(connection, .policyViolation, Array("too many control frames".utf8), .controlFlood)
        }
    }

    /// Notes when the message at hand began; a whole one costs no timer.
    private func timeMessage(_ connection: Connection, _ hasMessage: Bool) {
        guard connection.machine.isInMessage else {
            connection.messageAt = 0
            return
        }
        if connection.messageAt == 0 || hasMessage {
            connection.messageAt = attended
            wheel.schedule(connection.id.slot, at: now + limits.messageTimeout)
        }
    }

    private func peerHasShut(_ connection: Connection) {
        switch connection.phase {
        case .securing, .head, .waiting, .lingering: finish(connection)
        case .open: drop(connection, .closed)
        case .closing, .responding:
            // It may still listen: what is pending is sent, then there is nothing to wait for.
            connection.hasPeerShut = true
            connection.shutsWhenSent = true
            if hub.pendingBytes(of: connection.id.slot) == 0 {
                finish(connection)
            } else {
                setInterest(connection)
            }
        }
    }
}
