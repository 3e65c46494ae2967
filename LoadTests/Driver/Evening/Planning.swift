extension Evening {
    /// Notes all that the scenario says; what follows from it is noted as it happens.
    func planEverything() {
        for person in people {
            for line in person.lines {
                line.due = person.role.arrives + Int64(line.device) * 700_000
                if !waitsForHost(person) { agenda.note(.connect(line, life: 0), at: line.due) }
            }
            planTalk(of: person, after: person.role.arrives)
            planDrop(of: person, after: person.role.arrives)
            if person.role.link == .far { planPauses(of: person, after: person.role.arrives) }
        }
        if practice != nil { planPractice() }
        for gathering in gatherings {
            for (number, round) in scenario.rounds.enumerated() {
                agenda.note(.open(gathering, round: number), at: micro(round.at))
            }
        }
        planHostDrops()
        for (number, storm) in scenario.drops.storms.enumerated() {
            agenda.note(.storm(number), at: micro(storm.at))
        }
        for restart in scenario.restarts { agenda.note(.restart, at: micro(restart.at)) }
        agenda.note(.measure, at: 1_000_000)
        agenda.note(.settle, at: 2_000_000)
        agenda.note(.finish, at: micro(scenario.seconds))
    }

    func micro(_ seconds: Int) -> Int64 { Int64(seconds) * 1_000_000 }

    /// The next message of somebody who writes so often, at random.
    func planTalk(of person: Person, after moment: Int64) {
        guard scenario.chat.perMinute > 0, person.role.writes else { return }
        let gap = person.talkDraws.gap(perHour: scenario.chat.perMinute * 60)
        agenda.note(.talk(person), at: moment + gap)
    }

    func planDrop(of person: Person, after moment: Int64) {
        guard scenario.drops.perHour > 0, !person.role.isHost else { return }
        let at = moment + person.dropDraws.gap(perHour: scenario.drops.perHour)
        let away = micro(person.dropDraws.number(in: scenario.drops.seconds))
        agenda.note(.drop(person, for: away, then: .another), at: at)
    }

    private func planPauses(of person: Person, after moment: Int64) {
        let far = scenario.far
        for (pause, purpose) in [(far.cuts, Draws.Purpose.cuts), (far.sleeps, .sleeps)]
        where pause.perHour > 0 {
            var draws = Draws(scenario.seed, purpose, person.number)
            var at = moment
            while true {
                at += draws.gap(perHour: pause.perHour)
                let length = micro(draws.number(in: pause.seconds))
                guard at + length < micro(scenario.seconds) else { break }
                agenda.note(.pause(person, for: length), at: at)
                at += length
            }
        }
    }

    private func planHostDrops() {
        for (number, drop) in scenario.hosts.drops.enumerated() {
            for (index, gathering) in gatherings.enumerated() {
                var draws = Draws(scenario.seed, .hosts, number * gatherings.count + index)
                guard draws.happens(drop.share) else { continue }
                agenda.note(.dropHost(gathering, for: micro(drop.seconds)), at: micro(drop.at))
            }
        }
    }
}
