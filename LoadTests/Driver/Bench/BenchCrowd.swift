import Foundation
import Transport
import WebSocket

/// Everybody who is connected, on one thread: they come in, talk and count what they hear.
///
///     connecting ──▶ shaking ──101──▶ open ──join──▶ asking ──reply──▶ here
///                                                      ▲                │
///                                                      └─ session.start ┘ (hosts, once)
///
/// A bare room has no commands: whoever is open is here. From each of them a connection may be lost (`gone`), from which
/// nobody comes back unless `comeBack` asks them to.
final class BenchCrowd {
    enum Stage {
        case connecting
        case shaking
        case open
        case asking
        case here
        case gone
    }

    struct Member {
        let room: Int
        var number = -1
        var stage = Stage.connecting
        var shake: ClientHandshake?
        /// What talkers say; nil for those who only listen.
        var talk: BenchTalk?
        /// Own messages heard in this turn, each of which is answered by the next one.
        var echoes = 0
        /// Messages of the room heard.
        var heard = 0
        /// The beginning of a frame that is not whole.
        var unread: [UInt8] = []
        /// Bytes of a long frame that are of no interest and still to come.
        var skipped = 0
        /// Where the session is, for coming back: as the reply to a join and the pushes since say.
        var epoch: UInt64 = 0
        var seq = 0
        /// Whether the last join went on where the connection before had ended.
        var hasResumed = false
    }

    let plan: BenchPlan
    let sockets: ClientSockets
    var members: [Member] = []
    /// Messages said in each room.
    var said: [Int]
    /// Members who heard themselves in this turn.
    var answering: [Int] = []
    /// Where a text begins, from the end of its message.
    let place: Int

    /// Whether who hears a message of their own says the next.
    var isTalking = false
    /// What is said when, in the phase that asks how long it takes: then each delivery is timed, in microseconds.
    var schedule: BenchSchedule?
    var delays = Histogram()
    /// How long until each message was acknowledged; nil: that is not asked.
    var acknowledgements: BenchAcknowledgements?
    /// When the bytes that are being read came.
    var readAt: UInt64 = 0

    var deliveries = 0
    var reads = 0
    /// Commands that were turned down.
    var refusals = 0
    /// Connections that ended, or never began.
    var lostConnections = 0
    var openCount = 0
    var hereCount = 0
    /// Members whose handshakes were done since somebody last looked.
    var newlyOpen: [Int] = []
    /// The member behind each socket's number.
    private var owners: [Int] = []

    init(_ plan: BenchPlan) throws(LoadFault) {
        self.plan = plan
        said = Array(repeating: 0, count: plan.rooms)
        place = BenchTalk.place(textBytes: plan.textBytes)
        do throws(SystemFailure) {
            sockets = try ClientSockets()
        } catch {
            throw .unreachable(error.description)
        }
    }

    /// Nanoseconds of a clock that never jumps.
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Waits at most so long for something to be heard, and answers it.
    func turn(atMostMilliseconds limit: Int32) {
        sockets.turn(
            atMostMilliseconds: limit,
            lending: { number, bytes in receive(number, bytes) },
            { note($0) }
        )
        answer()
    }

    /// Begins a connection of a member.
    func connect(_ index: Int) throws(LoadFault) {
        do throws(SystemFailure) {
            let number = try sockets.connect(to: plan.address)
            while owners.count <= number { owners.append(-1) }
            owners[number] = index
            members[index].number = number
            members[index].stage = .connecting
        } catch {
            throw .unreachable(error.description)
        }
    }

    private func note(_ happening: ClientSockets.Happening) {
        switch happening {
        case .opened(let number):
            let index = owners[number]
            let shake = plan.dialect.handshake(room: plan.firstRoom + members[index].room)
            members[index].stage = .shaking
            members[index].shake = shake
            sockets.send(shake.request, on: number)
        case .closed(let number): lose(owners[number])
        case .received: break
        }
    }

    /// The connection of a member is over.
    func lose(_ index: Int) {
        switch members[index].stage {
        case .here: hereCount -= 1
        case .open: openCount -= 1
        case .connecting, .shaking, .asking, .gone: break
        }
        members[index].stage = .gone
        members[index].unread = []
        members[index].skipped = 0
        lostConnections += 1
    }

    private func receive(_ number: Int, _ bytes: RawSpan) {
        let index = owners[number]
        reads += 1
        if schedule != nil {
            readAt = Self.now()
            sayWhatIsDue(readAt)
        }
        if members[index].stage == .shaking {
            shakeHands(index, bytes)
        } else {
            hear(index, bytes)
        }
    }

    /// Nothing was lost so far that should not have been.
    func checkLosses() throws(LoadFault) {
        guard refusals == 0 else { throw .unreachable("the server turned down \(refusals) commands") }
        guard lostConnections == 0 else {
            throw .unreachable(
                "the server refused or ended \(lostConnections) of \(members.count) connections"
            )
        }
    }
}
