// The rules for what happens when: everything within the evening, and nothing into something else.

extension ScenarioRules {
    /// Rounds: how many rooms, and when.
    mutating func checkRounds() {
        for (index, round) in scenario.rounds.enumerated() {
            checkRooms(round, at: "rounds[\(index)]")
            let place = "rounds[\(index)]"
            if round.closing >= round.seconds {
                refuse(
                    "\(place).closing",
                    seeing: ["\(place).seconds"],
                    "The countdown of \(round.closing) s is as long as the round of \(round.seconds) s; set closing to less."
                )
            }
            if round.end >= scenario.seconds {
                refuse(
                    "\(place).seconds",
                    seeing: ["\(place).at", "seconds"],
                    "The rooms close at \(round.end) s, and the evening is over at \(scenario.seconds) s; "
                        + "they have to close before."
                )
            }
        }
        let order = scenario.rounds.indices.sorted { scenario.rounds[$0].at < scenario.rounds[$1].at }
        for (earlier, later) in zip(order, order.dropFirst())
        where scenario.rounds[later].at <= scenario.rounds[earlier].end {
            refuse(
                "rounds[\(later)].at",
                seeing: ["rounds[\(earlier)]"],
                "The rooms of rounds[\(earlier)] are open until \(scenario.rounds[earlier].end) s; open these after that."
            )
        }
        checkOpenings()
    }

    private mutating func checkRooms(_ round: Scenario.Round, at place: String) {
        let participants = scenario.participants
        let placed = "\(participants.grouped) participants (everybody but hosts, co-hosts and observers)"
        switch (round.rooms, round.size) {
        case (nil, nil):
            refuse(place, "Say how many rooms (\"rooms\") or how many people in each (\"size\").")
        case (.some, .some):
            refuse(place, "It has both \"rooms\" and \"size\"; the one follows from the other. Take one out.")
        case (let rooms?, nil) where rooms > participants:
            refuse(
                "\(place).rooms",
                seeing: ["people"],
                "\(rooms) rooms for \(placed): some would be empty. Take \(max(1, participants)) or fewer."
            )
        case (nil, let size?) where size > participants:
            refuse(
                "\(place).size",
                seeing: ["people"],
                "\(size.grouped) people in a room, of \(placed): not one room is full. Make it smaller."
            )
        case (nil, let size?) where (participants + size - 1) / size > ScenarioBounds.rooms:
            refuse(
                "\(place).size",
                seeing: ["people"],
                "\(size) in a room, of \(placed), are \((participants + size - 1) / size) rooms, and a server opens "
                    + "\(ScenarioBounds.rooms); put more people into a room."
            )
        default: break
        }
    }

    /// Nobody opens rooms while hosts are gone.
    private mutating func checkOpenings() {
        let drops = scenario.hosts.drops.enumerated().map { index, drop in
            let gone = min(drop.seconds, ScenarioBounds.takeoverSeconds)
            return (place: "hosts.drops[\(index)]", at: drop.at, end: drop.at + gone)
        }
        for (index, round) in scenario.rounds.enumerated() {
            for absence in drops + scenario.blows where (absence.at...absence.end).contains(round.at) {
                refuse(
                    "rounds[\(index)].at",
                    seeing: [absence.place],
                    "\(absence.place) takes hosts away from \(absence.at) s to \(absence.end) s, and nobody is there to "
                        + "open rooms at \(round.at) s; open them before or after that."
                )
            }
        }
    }

    /// Hosts who drop: within the evening, one time after the other, and somebody there to take over.
    mutating func checkHosts() {
        for (index, drop) in scenario.hosts.drops.enumerated() {
            let place = "hosts.drops[\(index)]"
            refuseNobody(drop.share, of: scenario.allSessions, "sessions", at: "\(place).share")
            if drop.at >= scenario.seconds {
                refuse("\(place).at", seeing: ["seconds"], tooLate(drop.at))
            }
            if scenario.people.cohosts == 0 {
                refuse(
                    place,
                    seeing: ["people.cohosts"],
                    "There is no co-host who could take over; set people.cohosts to 1 or more."
                )
            }
        }
        let order = scenario.hosts.drops.indices.sorted {
            scenario.hosts.drops[$0].at < scenario.hosts.drops[$1].at
        }
        for (earlier, later) in zip(order, order.dropFirst()) {
            let back = scenario.hosts.drops[earlier].at + scenario.hosts.drops[earlier].seconds
            guard scenario.hosts.drops[later].at <= back else { continue }
            refuse(
                "hosts.drops[\(later)].at",
                seeing: ["hosts.drops[\(earlier)]"],
                "The hosts of hosts.drops[\(earlier)] are back at \(back) s; let these drop after that."
            )
        }
    }

    /// Drops of single people, and storms, each over before the next one.
    mutating func checkDrops() {
        if scenario.drops.perHour > 0 {
            refuseTooLong(scenario.drops.seconds, at: "drops.seconds", seeing: ["drops.perHour"])
        }
        for (index, storm) in scenario.drops.storms.enumerated() {
            let place = "drops.storms[\(index)]"
            refuseNobody(storm.share, of: scenario.everybody, "people", at: "\(place).share")
            if storm.at >= scenario.seconds {
                refuse("\(place).at", seeing: ["seconds"], tooLate(storm.at))
            } else if storm.end >= scenario.seconds {
                refuse(
                    "\(place).seconds",
                    seeing: ["\(place).at", "\(place).within", "seconds"],
                    "The last ones come back at \(storm.end) s, and the evening is over at \(scenario.seconds) s; "
                        + "let the storm come earlier or people be back sooner."
                )
            }
        }
    }

    /// Restarts, and that no blow falls on people who still suffer from the one before.
    mutating func checkRestarts() {
        for (index, restart) in scenario.restarts.enumerated() {
            let place = "restarts[\(index)].at"
            if restart.at >= scenario.seconds {
                refuse(place, seeing: ["seconds"], tooLate(restart.at))
            } else if restart.end >= scenario.seconds {
                refuse(
                    place,
                    seeing: ["seconds"],
                    "The evening is over at \(scenario.seconds) s; people need \(ScenarioBounds.restartSeconds) s after a "
                        + "restart to be back. Restart earlier."
                )
            }
        }
        let blows = scenario.blows.sorted { $0.at < $1.at }
        for (earlier, later) in zip(blows, blows.dropFirst()) where later.at <= earlier.end {
            refuse(
                "\(later.place).at",
                seeing: [earlier.place],
                "\(earlier.place) is over at \(earlier.end) s; begin after that, or nobody can tell who is back from what."
            )
        }
    }

    private func tooLate(_ at: Int) -> String {
        "At \(at) s the evening is over (\(scenario.seconds) s); it has to be earlier."
    }
}

extension Scenario.Round {
    /// When everybody is back.
    fileprivate var end: Int { at + seconds }
}

extension Scenario.Drops.Storm {
    /// When the last one tries to come back.
    fileprivate var end: Int { at + Int(within.rounded(.up)) + seconds.to }
}

extension Scenario.Restart {
    /// When people should be back.
    fileprivate var end: Int { at + ScenarioBounds.restartSeconds }
}

extension Scenario {
    /// Storms and restarts: what cuts many at once.
    fileprivate var blows: [(place: String, at: Int, end: Int)] {
        drops.storms.enumerated().map { ("drops.storms[\($0)]", $1.at, $1.end) }
            + restarts.enumerated().map { ("restarts[\($0)]", $1.at, $1.end) }
    }
}
