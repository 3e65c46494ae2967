import SessionProtocol
import Sessions
import WebSocket

/// From what happened to whole frames: each push is spelled once and framed once.
struct Projection: Sendable {
    /// What clients are told of their limits.
    var limits: ProtocolLimits
    /// For what is said most.
    private var writer = JSONWriter()

    init(limits: ProtocolLimits) {
        self.limits = limits
    }

    /// An event as those hear it who are here; nil when it is one that nobody hears.
    mutating func push(_ entry: SessionEntry, in state: SessionState) -> [UInt8]? {
        let json = PushWriter.push(entry, in: state, with: &writer, headroom: FrameWriter.headroom)
        return json.map { FrameWriter.text(inPlace: $0) }
    }

    /// An event told afterwards; the words are those that the state still has.
    func push(_ entry: BacklogEntry, in state: SessionState) -> [UInt8]? {
        PushWriter.push(entry, in: state).map { FrameWriter.text($0) }
    }

    /// The answer to a command; `seq` is that of the last event it caused.
    mutating func reply(
        _ answer: Answer,
        re id: Int64,
        seq: Int?,
        in session: Session,
        at now: Milliseconds
    ) -> [UInt8] {
        FrameWriter.text(
            inPlace: ReplyWriter.ok(
                re: id,
                seq: seq,
                answer: answer,
                in: session.state,
                now: now,
                with: &writer,
                headroom: FrameWriter.headroom
            )
        )
    }

    func refusal(_ refusal: Refusal, re id: Int64, in state: SessionState? = nil) -> [UInt8] {
        frame(ReplyWriter.error(re: id, refusal, in: state))
    }

    /// The answer to a join: where one is, and the state unless what was missed follows.
    func joined(_ live: Live, seat: SeatID, re id: Int64, at now: Milliseconds, resumed: Bool) -> [UInt8] {
        let reply = JoinedReply(
            seat: seat,
            now: now,
            isResumed: resumed,
            common: resumed ? [] : common(live),
            limits: limits
        )
        return frame(ReplyWriter.joined(re: id, reply, in: live.state))
    }

    /// The part of the state that everybody gets alike, spelled once for all who come in one batch.
    private func common(_ live: Live) -> [UInt8] {
        if let known = live.common, known.seq == live.state.seq { return known.json }
        let json = StateWriter.common(live.state)
        live.common = (live.state.seq, json)
        return json
    }

    func attendanceCount(_ count: AttendanceCount, withRooms: Bool) -> [UInt8] {
        frame(
            NoticeWriter.attendanceCount(
                here: count.here,
                unique: count.unique,
                peak: count.peak,
                rooms: withRooms ? count.rooms.map { ($0.room, $0.here) } : nil
            )
        )
    }

    func confirmed(_ confirmation: Confirmation, in state: SessionState) -> [UInt8] {
        frame(
            NoticeWriter.breakoutsConfirmed(
                round: confirmation.round,
                confirmed: confirmation.confirmed,
                seen: confirmation.seen,
                of: confirmation.of,
                missing: confirmation.missing.map { state[$0].person }
            )
        )
    }

    func pulse(_ rows: [PulseRow], round: Int, in state: SessionState) -> [UInt8] {
        frame(NoticeWriter.pulse(round: round, rooms: rows, in: state))
    }

    /// Who is writing, by name as far as a line has room for.
    func typing(_ place: ChatPlace, _ people: [SeatID], in state: SessionState) -> [UInt8] {
        let named = Array(people.prefix(WireBounds.typingNames))
        return frame(NoticeWriter.typing(place: place, people: named, count: people.count, in: state))
    }

    func ownPart(of seat: SeatID, in state: SessionState) -> [UInt8] {
        frame(NoticeWriter.you(state, seat))
    }

    private func frame(_ json: [UInt8]) -> [UInt8] {
        FrameWriter.text(json)
    }
}
