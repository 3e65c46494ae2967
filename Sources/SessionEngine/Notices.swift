import Fanout
import SessionProtocol
import Sessions

/// What is derived and may be merged: running counts, who has arrived, how the rooms are doing, who is writing.
///
/// Nothing of it is durable or numbered; each session tells all that it owes at most once a second, and when many want to
/// at once, one after the other.
extension EngineCore {
    mutating func tellNotices(_ live: Live) {
        guard let due = live.noticesDue(limits), now >= due else { return }
        if !live.hasNoticeTurn {
            let members = live.groups.reduce(0) { $0 + $1.members.reduce(0, +) }
            live.noticesFrom = noticePace.turn(for: members, at: now, perSecond: limits.noticesPerSecond)
            live.hasNoticeTurn = true
            guard live.noticesFrom <= now else { return }
        }
        live.hasNoticeTurn = false
        tellCount(live)
        if let breakouts = live.state.breakouts {
            if live.owesConfirmed {
                let confirmed = projection.confirmed(live.state.confirmation(of: breakouts), in: live.state)
                push(confirmed, in: live) { $0.kind == .hosts }
            }
            tellPulse(of: breakouts, live)
        } else {
            live.told.pulse = nil
        }
        tellTyping(live)
        live.countChanged = false
        live.owesConfirmed = false
        live.owesPulse = false
        live.pulseChangesAt = live.nextPulseChange(now: now, limits)
        live.noticesFrom = now + limits.noticeMilliseconds
    }

    private mutating func tellCount(_ live: Live) {
        guard live.countChanged else { return }
        let count = live.state.attendanceCount
        guard count != live.told.count else { return }
        let everybody = projection.attendanceCount(count, withRooms: false)
        let hosts = projection.attendanceCount(count, withRooms: true)
        push(hosts, in: live) { $0.kind == .hosts }
        if !count.looksLike(live.told.count) { push(everybody, in: live) { $0.kind != .hosts } }
        live.told.count = count
    }

    private mutating func tellPulse(of breakouts: Breakouts, _ live: Live) {
        live.watchWhoIsAlone(now: now)
        live.writing.removeAll { now - $0.at >= limits.writingMilliseconds }
        let pulse = live.pulse(now: now, limits)
        guard pulse != live.told.pulse else { return }
        push(projection.pulse(pulse, round: breakouts.round, in: live.state), in: live) { $0.kind == .hosts }
        live.told.pulse = pulse
    }

    /// Somebody writes there; those who would hear the message hear of it, once a second and not one by one.
    mutating func note(_ seat: SeatID, writingIn place: ChatPlace, _ live: Live) {
        live.writing.removeAll { $0.seat == seat }
        live.writing.append(Writing(seat: seat, place: place, at: now, isTold: false))
        touch(live)
    }

    private mutating func tellTyping(_ live: Live) {
        var places: [ChatPlace] = []
        for writing in live.writing where !writing.isTold && !places.contains(writing.place) {
            places.append(writing.place)
        }
        for place in places {
            let people = live.writing.filter { $0.place == place && !$0.isTold }.map(\.seat)
            if case .direct(let to) = place {
                // Of those who write to one person, each is told as if alone.
                for seat in people {
                    tell(projection.typing(place, [seat], in: live.state), to: to, in: live)
                }
                continue
            }
            let frame = projection.typing(place, people, in: live.state)
            push(frame, in: live) { group in
                place == .room(.hosts) ? group.kind == .hosts : place == .room(group.room)
            }
        }
        for index in live.writing.indices { live.writing[index].isTold = true }
    }
}

/// Somebody who said not long ago that they are writing.
struct Writing: Equatable {
    var seat: SeatID
    var place: ChatPlace
    var at: Milliseconds
    var isTold: Bool
}

extension Live {
    /// When the notices that are owed may be told; nil when none are.
    func noticesDue(_ limits: EngineLimits) -> Milliseconds? {
        if countChanged || owesConfirmed || owesPulse || writing.contains(where: { !$0.isTold }) {
            return noticesFrom
        }
        return pulseChangesAt.map { max($0, noticesFrom) }
    }

    /// A host has come: what only hosts are told is told again.
    func owesHostsAll() {
        owesConfirmed = true
        countChanged = true
        told.count = nil
        told.pulse = nil
    }
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
        for (index, seat) in seats.enumerated()
        where seat.room != .main && seat.role == .participant && seat.presence != .left {
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
