/// Reading attendance, and what people say of it: claims of those who were not seen, and what hosts know better.
extension Session {
    /// The report of everybody, or of one person with their rooms.
    func reportAttendance(of person: PersonID?, at now: Milliseconds) throws(Refusal) -> Decision {
        guard let person else { return Decision([], answer: .attendance(state.attendance(at: now))) }
        return ownAttendance(of: try state.attendee(person), at: now)
    }

    func ownAttendance(of seat: SeatID, at now: Milliseconds) -> Decision {
        let rooms = state[seat].role == .observer ? [] : state.roomTimes(of: seat, at: now)
        return Decision([], answer: .attendanceOf(state.attendance(of: seat, at: now), rooms: rooms))
    }

    /// Whoever was in the video with the page asleep says so; a host believes it or not.
    func claimAttendance(_ time: Interval, _ asking: Asking) throws(Refusal) -> Decision {
        try state.checkLived(time, at: asking.now)
        guard state[asking.seat].claims.count < asking.limits.claimsPerSeat else {
            throw Refusal(.tooManyClaims)
        }
        return Decision(.attendanceClaimed(asking.seat, time))
    }

    func acceptAttendance(of person: PersonID, by seat: SeatID) throws(Refusal) -> Decision {
        let other = try state.attendee(person)
        guard state[other].claims.contains(where: { $0.acceptedBy == nil }) else { throw Refusal(.noClaim) }
        return Decision(.attendanceAccepted(other, by: seat))
    }

    func markAttendance(
        of person: PersonID,
        _ mark: AttendanceMark,
        _ asking: Asking
    ) throws(Refusal) -> Decision {
        let other = try state.attendee(person)
        guard state[other].role != .observer else { throw Refusal(.observersOnlyWatch, field: "person") }
        try state.checkLived(mark.time, at: asking.now)
        guard state[other].marks.count < asking.limits.marksPerSeat,
            state.seats.reduce(0, { $0 + $1.marks.count }) < asking.limits.marksPerSession
        else { throw Refusal(.tooManyMarks) }
        let event = SessionEvent.attendanceMarked(other, mark.time, present: mark.present, by: asking.seat)
        return Decision(occurrence: Occurrence(event, text: mark.reason), answer: .done)
    }
}

extension SessionState {
    /// The person's seat, also when they were sent away: how long they were here is still asked.
    fileprivate func attendee(_ person: PersonID) throws(Refusal) -> SeatID {
        guard let seat = seatByPerson[person] else { throw Refusal(.noSuchPerson, field: "person") }
        return seat
    }

    /// Turns down a time that is not wholly within what has been lived of the session.
    fileprivate func checkLived(_ time: Interval, at now: Milliseconds) throws(Refusal) {
        guard let live = liveTime(at: now), (live.from...live.to).contains(time.from) else {
            throw Refusal(.badValue, field: "from")
        }
        guard time.from < time.to, time.to <= live.to else { throw Refusal(.badValue, field: "to") }
    }

    mutating func acceptClaims(of seat: SeatID, by: SeatID) {
        for index in self[seat].claims.indices where self[seat].claims[index].acceptedBy == nil {
            self[seat].claims[index].acceptedBy = by
        }
    }
}
