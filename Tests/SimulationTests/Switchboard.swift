import Fanout
import SessionEngine
import SessionProtocol
import Sessions
import WebSocket

/// Which connections there are, whose they are, and in which group; the simplest hub that there could be.
struct Switchboard {
    private var members: [GroupID: [ConnectionID]] = [:]
    private var groups: [ConnectionID: GroupID] = [:]
    private var owners: [ConnectionID: Int] = [:]
    private var free: [ConnectionID] = []
    private var slots: UInt32 = 0

    /// A connection for a device, in a slot that others may have had before.
    mutating func open(device: Int, loop: UInt16) -> ConnectionID {
        var connection = ConnectionID(loop: loop, slot: slots, generation: 0)
        if let index = free.firstIndex(where: { $0.loop == loop }) {
            connection = free.remove(at: index)
            connection.generation += 1
        } else {
            slots += 1
        }
        owners[connection] = device
        return connection
    }

    mutating func close(_ connection: ConnectionID) {
        leave(connection)
        if owners.removeValue(forKey: connection) != nil { free.append(connection) }
    }

    mutating func enter(_ connection: ConnectionID, _ group: GroupID) {
        guard owners[connection] != nil else { return }
        leave(connection)
        groups[connection] = group
        members[group, default: []].append(connection)
    }

    private mutating func leave(_ connection: ConnectionID) {
        guard let group = groups.removeValue(forKey: connection) else { return }
        members[group]?.removeAll { $0 == connection }
    }

    func owner(of connection: ConnectionID) -> Int? { owners[connection] }

    func members(of group: GroupID, on loop: Int) -> [ConnectionID] {
        (members[group] ?? []).filter { Int($0.loop) == loop }
    }
}

extension World {
    /// Does what a delivery says, as the loop's hub would.
    func carryOut(_ delivery: Delivery, loop: Int, at: Milliseconds) throws(Broken) {
        switch delivery {
        case .enter(let connection, let group): switchboard.enter(connection, group)
        case .reply(let connection, let frame, _):
            guard Int(connection.loop) == loop else { throw Broken("a reply on the wrong loop") }
            if switchboard.owner(of: connection) != nil { try hear(frame, on: [connection], at: at) }
        case .push(let group, let frame):
            try hear(frame, on: switchboard.members(of: group, on: loop), at: at)
        case .close(let connection, let code, _):
            guard let owner = switchboard.owner(of: connection) else { return }
            if devices[owner].connection == connection {
                try check(code, of: devices[owner])
                devices[owner].disconnect()
            }
            switchboard.close(connection)
            ghosts.removeAll { $0 == connection }
            // As the loop does, once for each connection that asked to join.
            inbox.append(.closed(connection, .closed))
        }
    }

    private func hear(_ frame: [UInt8], on connections: [ConnectionID], at: Milliseconds) throws(Broken) {
        guard !connections.isEmpty else { return }
        let told = try read(frame)
        for connection in connections {
            guard let owner = switchboard.owner(of: connection), devices[owner].connection == connection
            else { continue }
            if let left = devices[owner].hearsOnly {
                guard left > 0 else {
                    vanish(owner)
                    continue
                }
                devices[owner].hearsOnly = left - 1
            }
            tally.heard += 1
            try count(told, for: owner)
            try hear(told, by: owner, at: at)
        }
    }

    /// What a frame says; the same frame comes to many groups, one after the other.
    private func read(_ frame: [UInt8]) throws(Broken) -> Told {
        if let lastTold, lastTold.frame == frame { return lastTold.told }
        let header = frame[1] < 126 ? 2 : frame[1] == 126 ? 4 : 10
        digest.take(frame[header...])
        let told = try Told(Array(frame[header...]), with: &reader)
        lastTold = (frame, told)
        return told
    }

    private func count(_ told: Told, for owner: Int) throws(Broken) {
        guard case .reply(let reply) = told else { return }
        if let asked = devices[owner].asked.first(where: { $0.id == reply.re }) {
            try tally.answered(asked.command.kind, reply.code)
            if reply.isRepeated { tally.repeats += 1 }
        } else if let code = reply.code {
            guard let code = RefusalCode(rawValue: code) else { throw Broken("turned away as \(code)") }
            tally.turnedAway[code, default: 0] += 1
        } else if let joined = reply.joined {
            tally.resumes += joined.state == nil ? 1 : 0
            tally.states += joined.state == nil ? 0 : 1
        }
    }

    private func hear(_ told: Told, by owner: Int, at: Milliseconds) throws(Broken) {
        let gathering = gatherings[devices[owner].gathering]
        guard let account = known.account(gathering.id) else {
            guard case .reply(let reply) = told, reply.code != nil else {
                throw Broken("heard of a session that is not there")
            }
            return
        }
        let seat = account.seat(of: gathering.people[devices[owner].person].person)
        do throws(Broken) {
            try devices[owner].hear(told, account, seat: seat, at: at)
        } catch {
            throw Broken("device \(owner): \(error.what)")
        }
    }

    private func check(_ code: CloseCode, of device: Device) throws(Broken) {
        let expected: [UInt16] = device.isJoined ? [1000, 4509, 4503] : [1013, 4401, 4501, 4503, 4504]
        guard expected.contains(code.rawValue) else { throw Broken("closed with \(code.rawValue)") }
    }
}
