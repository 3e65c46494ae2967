import SessionProtocol
import Sessions
import Transport
import WebSocket

// From a socket to somebody who is here.
extension BenchCrowd {
    /// As many on their way at once as even a busy server takes.
    static let atOnce = 64
    private static let patience: UInt64 = 120_000_000_000
    /// Masks need only be unforeseeable to pages in browsers (RFC 6455 section 10.3).
    static let mask: UInt32 = 0x1234_5678

    /// Connects the next members of the plan, and returns when their handshakes are done.
    func connect(next count: Int) throws(LoadFault) {
        let wanted = members.count + count
        while openCount + hereCount < wanted {
            while members.count < wanted, members.count - openCount - hereCount < Self.atOnce {
                members.append(newMember())
                try connect(members.count - 1)
            }
            turn(atMostMilliseconds: 1_000)
            try checkLosses()
        }
    }

    /// Lets everybody join who has connected, and returns when they are here.
    func join() throws(LoadFault) {
        guard plan.dialect == .plenary else { return }
        newlyOpen.removeAll(keepingCapacity: true)
        // Tickets are signed before, so that the server does not wait for them.
        var commands: [(Int, [UInt8])] = []
        for index in members.indices where members[index].stage == .open {
            commands.append((index, try joinCommand(index)))
        }
        for (index, command) in commands {
            openCount -= 1
            ask(index, command)
            // Replies are long; they are read between.
            turn(atMostMilliseconds: 0)
        }
        try waitForReplies()
    }

    /// The hosts start their sessions; returns when everybody may talk.
    func start() throws(LoadFault) {
        guard plan.dialect == .plenary else { return }
        for index in stride(from: 0, to: members.count, by: plan.members) {
            guard let id = members[index].talk?.takeID() else { continue }
            hereCount -= 1
            ask(index, CommandWriter.command(id: id, .start))
        }
        try waitForReplies()
    }

    /// Sends a command whose reply is waited for.
    func ask(_ index: Int, _ command: [UInt8]) {
        members[index].stage = .asking
        sockets.send(FrameWriter.text(command, mask: Self.mask), on: members[index].number)
    }

    /// The join of a member, who was here before if there is an epoch.
    func joinCommand(_ index: Int) throws(LoadFault) -> [UInt8] {
        let member = members[index]
        let resume = member.epoch == 0 ? nil : Resume(epoch: Epoch(bits: member.epoch), after: member.seq)
        guard
            let secret = plan.secret,
            let ticket = try? BenchDialect.ticket(
                member: (plan.firstRoom * plan.members + index) / plan.devices,
                room: plan.firstRoom + member.room,
                isHost: index % plan.members < plan.devices,
                secret: secret
            )
        else { throw .data("no ticket could be signed") }
        return CommandWriter.join(id: 1, JoinCommand(ticket: ticket, resume: resume))
    }

    /// Reads the answer to a handshake, and what may stand behind it.
    func shakeHands(_ index: Int, _ bytes: RawSpan) {
        let text = bytes.withUnsafeBytes { Array($0) }
        switch members[index].shake?.feed(text.span) {
        case .accepted(_, _, let consumed):
            members[index].shake = nil
            if plan.dialect == .bare {
                members[index].stage = .here
                hereCount += 1
            } else {
                members[index].stage = .open
                openCount += 1
                newlyOpen.append(index)
            }
            if consumed < text.count { hear(index, bytes.extracting(droppingFirst: consumed)) }
        case .needsMore: break
        case .refused, .none:
            sockets.close(members[index].number)
            lose(index)
        }
    }

    private func waitForReplies() throws(LoadFault) {
        let start = Self.now()
        while hereCount < members.count {
            turn(atMostMilliseconds: 1_000)
            try checkLosses()
            guard Self.now() - start < Self.patience else {
                throw .unreachable("\(members.count - hereCount) commands were not answered")
            }
        }
    }

    private func newMember() -> Member {
        let index = members.count
        var member = Member(room: index / plan.members)
        if plan.seatsOfTalkers.contains(index % plan.members) {
            member.talk = BenchTalk(member: index, textBytes: plan.textBytes, dialect: plan.dialect)
        }
        return member
    }
}
