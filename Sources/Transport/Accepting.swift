internal import CLinux
internal import Fanout
internal import Glibc
internal import WebSocket

// Who comes in; only loop 0 has listeners.
extension EventLoop {
    /// Takes in those who wait, a bounded number a turn; the kernel reports the others again.
    func accept(from listener: Listener) {
        for _ in 0..<limits.maxAcceptsPerTurn {
            switch listener.accept() {
            // The kernel gives the lowest number that is free, so all below it are in use.
            case .connection(let number, let peer) where number >= shared.descriptors:
                tell(FileDescriptor(owning: number), peer)
            case .connection(let number, let peer): admit(FileDescriptor(owning: number), peer)
            case .nobody: return
            case .noDescriptor:
                guard turnAwayWithSpare(listener) else {
                    stopAccepting()
                    return
                }
            case .notNow:
                stopAccepting()
                return
            }
        }
    }

    /// Listens to the listeners again when the pause is over.
    func acceptAgain() {
        guard let moment = acceptAgainAt, now >= moment else { return }
        acceptAgainAt = nil
        spares.refill()
        for listener in listeners {
            poll.change(listener.descriptor.number, .read, token: Self.token(of: listener))
        }
    }

    /// A connection that loop 0 has accepted becomes this loop's.
    func adopt(_ descriptor: consuming FileDescriptor, _ peer: PeerAddress) {
        let isPending = countsAtAccept(peer)
        if isDraining {
            settleAccepted(peer)
            shared.leave()
            turnAway(descriptor, peer, .draining)
            return
        }
        inbox.metrics.accepted.add(1)
        if let connection = makeConnection(descriptor, peer, isPending: isPending) {
            check(connection)
        }
    }

    /// The same as `settle`, for whom `admit` has counted.
    func settleAccepted(_ peer: PeerAddress) {
        if countsAtAccept(peer) { settle(peer) }
    }

    /// One connection less of this client that has not joined, in the table of loop 0.
    func settle(_ peer: PeerAddress) {
        guard isLimited(peer) else { return }
        if listeners.isEmpty {
            shared.inboxes[0].mailbox.post([.settled(peer.network)], bytes: 0)
        } else {
            addresses.settle(peer.network)
        }
    }

    /// Whether the limits per address hold for it.
    func isLimited(_ peer: PeerAddress) -> Bool {
        limits.limitLoopback || !peer.isLoopback
    }

    private func admit(_ descriptor: consuming FileDescriptor, _ peer: PeerAddress) {
        if let reason = reasonToTurnAway(peer) {
            turnAway(descriptor, peer, reason)
            return
        }
        let loop = nextLoop
        nextLoop = (nextLoop + 1) % shared.inboxes.count
        if loop == Int(inbox.index) {
            adopt(descriptor, peer)
            return
        }
        let number = descriptor.release()
        if !shared.inboxes[loop].mailbox.post([.adopt(descriptor: number, peer: peer)], bytes: 0) {
            _ = FileDescriptor(owning: number)
            settleAccepted(peer)
            shared.leave()
        }
    }

    /// Counts the newcomer, unless there is a reason not to let it in.
    private func reasonToTurnAway(_ peer: PeerAddress) -> RejectReason? {
        if isDraining {
            return .draining
        }
        if countsAtAccept(peer) {
            switch addresses.admit(peer.network, at: now) {
            case .admitted: break
            case .tooFast: return .addressRate
            case .tooManyPending: return .addressPending
            }
        }
        if !shared.enter() {
            settleAccepted(peer)
            return .full
        }
        return nil
    }

    /// Tells 503 and ends the connection, with the usual ceremony as long as few are told at the same time.
    private func turnAway(
        _ descriptor: consuming FileDescriptor,
        _ peer: PeerAddress,
        _ reason: RejectReason
    ) {
        inbox.metrics.reject(reason)
        guard turnedAwayCount < limits.maxTurnedAwayAtOnce else { return }
        guard let connection = makeConnection(descriptor, peer, isPending: false, isTurnedAway: true) else {
            return
        }
        // With TLS it can be told only when hands are shaken.
        if connection.phase == .securing {
            check(connection)
        } else {
            respond(connection, comeBackLater())
        }
    }

    /// No descriptor is left but those kept back: one of them takes the newcomer in, to tell it so.
    private func turnAwayWithSpare(_ listener: Listener) -> Bool {
        guard spares.release() else { return false }
        let wasTold = tellAtOnce(listener)
        spares.refill()
        return wasTold
    }

    private func tellAtOnce(_ listener: Listener) -> Bool {
        guard case .connection(let number, let peer) = listener.accept() else { return false }
        tell(FileDescriptor(owning: number), peer)
        return true
    }

    /// 503 in one go, for want of descriptors.
    private func tell(_ descriptor: consuming FileDescriptor, _ peer: PeerAddress) {
        inbox.metrics.reject(.descriptors)
        // Behind TLS there is no time for words.
        guard context(for: peer) == nil else { return }
        // A request that is there already must not turn the close into a reset.
        _ = Socket.read(descriptor, into: UnsafeMutableRawBufferPointer(readBuffer))
        _ = Socket.write(descriptor, [OutboundPiece(comeBackLater().bytes)])
        Socket.shutOutput(descriptor)
    }

    /// Accepting is of no use now.
    ///
    /// Reported again at once, it would keep the loop busy with nothing.
    private func stopAccepting() {
        acceptAgainAt = now + limits.timerGrain
        for listener in listeners {
            poll.change(listener.descriptor.number, [], token: Self.token(of: listener))
        }
    }

    private func makeConnection(
        _ descriptor: consuming FileDescriptor,
        _ peer: PeerAddress,
        isPending: Bool,
        isTurnedAway: Bool = false
    ) -> Connection? {
        let number = descriptor.number
        // Frames go out when the turn ends, not when the kernel finds that there are enough of them.
        Socket.set(number, Int32(IPPROTO_TCP), TCP_NODELAY, to: 1)
        if limits.kernelSendBytes > 0 {
            Socket.set(number, SOL_SOCKET, SO_SNDBUF, to: Int32(clamping: limits.kernelSendBytes))
        }
        let connection = Connection(
            id: hub.open(),
            descriptor: descriptor,
            peer: peer,
            isPending: isPending,
            limits: limits,
            now: now
        )
        connection.isTurnedAway = isTurnedAway
        if let context = context(for: peer) {
            connection.tls = TLSChannel(context, accepting: connection.descriptor)
            connection.phase = .securing
            handshakes.count += 1
        }
        while connections.count <= Int(connection.id.slot) {
            connections.append(nil)
        }
        connections[Int(connection.id.slot)] = connection
        connectionCount += 1
        if isTurnedAway {
            turnedAwayCount += 1
        }
        guard poll.add(number, .read, token: connection.token) else {
            finish(connection)
            return nil
        }
        if connection.phase == .securing,
            connection.tls == nil || handshakes.count > limits.maxHandshakesAtOnce
        {
            inbox.metrics.reject(.handshakesFull)
            drop(connection, .closed, reset: true)
            return nil
        }
        return connection
    }
}
