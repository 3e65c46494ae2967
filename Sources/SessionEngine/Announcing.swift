import Fanout
import Sessions

/// From an audience to groups and connections; and the notices, which are derived and may be merged.
extension SessionEngine {
    /// Spells an event once and hands it to every group that hears it.
    func announce(_ entry: SessionEntry, to audience: Audience, in live: Live) {
        guard audience != .nobody, !live.groups.isEmpty else { return }
        guard let frame = projection.push(entry, in: live.state) else { return }
        switch audience {
        case .nobody: break
        case .everybody: push(frame, in: live) { _ in true }
        case .hosts: push(frame, in: live) { $0.kind == .hosts }
        case .room(let room, let also):
            push(frame, in: live) { $0.room == room }
            for seat in also where live.state[seat].room != room {
                for connection in live.connections(of: seat) {
                    deliver(.reply(connection, frame: frame, exempt: false), to: connection)
                }
            }
        }
    }

    private func push(_ frame: [UInt8], in live: Live, where hears: (Group) -> Bool) {
        for group in live.groups where hears(group) {
            for loop in group.members.indices where group.members[loop] > 0 {
                commit.deliveries[loop].append(.push(group.id, frame: frame))
            }
        }
    }

    /// Tells the running counts when they have changed and were not told within the last second.
    func tellNotices(_ live: Live) {
        guard now >= live.noticesFrom, live.noticesDue != nil else { return }
        if live.countChanged {
            let count = live.state.attendanceCount
            if count != live.toldCount {
                let everybody = projection.attendanceCount(count, withRooms: false)
                let hosts = projection.attendanceCount(count, withRooms: true)
                push(hosts, in: live) { $0.kind == .hosts }
                if !count.looksLike(live.toldCount) { push(everybody, in: live) { $0.kind != .hosts } }
                live.toldCount = count
            }
        }
        if live.owesConfirmed, let breakouts = live.state.breakouts {
            push(projection.confirmed(live.state.confirmation(of: breakouts), in: live.state), in: live) {
                $0.kind == .hosts
            }
        }
        live.countChanged = false
        live.owesConfirmed = false
        live.noticesFrom = now + limits.noticeMilliseconds
    }
}

extension Live {
    /// When the notices that are owed may be told; nil when none are.
    var noticesDue: Int64? { countChanged || owesConfirmed ? noticesFrom : nil }
}

extension SessionState {
    /// How many are here now.
    var attendanceCount: AttendanceCount {
        let people = seats.filter { $0.role != .observer }
        let here = people.filter(\.isAttached)
        let rooms = [RoomID.main] + openRooms.map(\.id)
        return AttendanceCount(
            here: here.count,
            unique: people.count,
            peak: peak,
            rooms: rooms.map { room in .init(room: room, here: here.count { $0.room == room }) }
        )
    }

    /// Who of those in the round's rooms has said that their page shows it.
    func confirmation(of breakouts: Breakouts) -> Confirmation {
        var result = Confirmation(round: breakouts.round)
        for (index, seat) in seats.enumerated() where seat.room != .main && seat.role == .participant {
            result.of += 1
            if seat.confirmedRoom != seat.room {
                result.missing.append(SeatID(index))
            } else {
                result.confirmed += 1
                result.seen += seat.confirmedSeen ? 1 : 0
            }
        }
        return result
    }
}

/// How far a round's people have arrived.
struct Confirmation: Equatable {
    let round: Int
    var confirmed = 0
    var seen = 0
    var of = 0
    var missing: [SeatID] = []

    init(round: Int) {
        self.round = round
    }
}
