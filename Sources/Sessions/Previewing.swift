/// What opening rooms would come to, and what a host may want to know before.
package struct Preview: Equatable, Sendable {
    package var opening: BreakoutsOpened
    package var warnings: [PreviewWarning]

    package init(opening: BreakoutsOpened, warnings: [PreviewWarning]) {
        self.opening = opening
        self.warnings = warnings
    }
}

package enum PreviewWarning: Equatable, Sendable {
    /// Placed, and not connected now.
    case away([SeatID])
    /// Would be the only one in the room.
    case alone(SeatID, room: RoomID)
    /// Would share a room, and come from one school.
    case colleagues([SeatID], room: RoomID)
    /// A mix could not keep all of one school apart.
    case sameSchool(SchoolPairs)
    /// A mix brings so many pairs together again; more might have been avoided when its budget was used up.
    case metBefore(pairs: Int, isBudgetUsed: Bool)
}

extension Session {
    /// The plan as it would be carried out with the seed that is answered; nothing happens.
    func previewBreakouts(_ plan: OpenBreakouts, _ asking: Asking) throws(Refusal) -> Decision {
        let (opening, mix) = try state.opening(plan, asking)
        let preview = Preview(opening: opening, warnings: state.warnings(of: opening, mix))
        return Decision([], answer: .preview(preview))
    }
}

extension SessionState {
    fileprivate func warnings(of opening: BreakoutsOpened, _ mix: MixReport?) -> [PreviewWarning] {
        let away = opening.placements.map(\.seat).filter { !self[$0].isAttached }
        var warnings: [PreviewWarning] = away.isEmpty ? [] : [.away(away)]
        if let mix {
            warnings += mix.sameSchool.map { .sameSchool($0) }
            if mix.repeats > 0 {
                warnings.append(.metBefore(pairs: mix.repeats, isBudgetUsed: mix.isBudgetUsed))
            }
        }
        var people: [[SeatID]] = Array(repeating: [], count: opening.rooms.count)
        for placement in opening.placements {
            guard case .breakout(_, let number) = placement.room else { continue }
            people[number - 1].append(placement.seat)
        }
        for (index, inRoom) in people.enumerated() {
            let room = RoomID.breakout(round: opening.round, number: index + 1)
            if inRoom.count == 1 { warnings.append(.alone(inRoom[0], room: room)) }
            warnings += colleagues(in: inRoom).map { .colleagues($0, room: room) }
        }
        return warnings
    }

    /// Those of `people` (rising) who are from one school, school by school in the order of the first of each.
    ///
    /// Not compared each with each: a thousand people of as many schools may be in one room.
    private func colleagues(in people: [SeatID]) -> [[SeatID]] {
        var places: [SchoolKey: Int] = [:]
        var schools: [[SeatID]] = []
        for seat in people where !self[seat].schoolKey.isEmpty {
            if let place = places[self[seat].schoolKey] {
                schools[place].append(seat)
            } else {
                places[self[seat].schoolKey] = schools.count
                schools.append([seat])
            }
        }
        return schools.filter { $0.count > 1 }
    }
}
