import Sessions

extension Evening {
    func perform(_ act: Act, due: Int64) {
        switch act {
        case .connect(let line, let life): connect(line, life: life)
        case .giveUp(let line, let life): giveUp(line, life: life)
        case .talk(let person): talk(person, due: due)
        case .sayAgain(let person): if let line = person.writingLine { sendUnanswered(on: line) }
        case .react(let person, let message): react(person, message: message, due: due)
        case .confirm(let line, let life, let room): confirm(line, life: life, room: room, due: due)
        case .choose(let person, let round): choose(person, round: round, due: due)
        case .drop(let person, let away, let next): drop(person, for: away, then: next)
        case .pause(let person, let length, let isSleep): pause(person, for: length, isSleep: isSleep)
        case .resume(let person, let pause): resume(person, pause: pause)
        case .arrive(let line, let life, let bytes):
            if line.life == life { receive(bytes, on: line, at: due - line.oneWay(scenario)) }
        case .leave(let line, let life, let bytes): if line.life == life { transmit(bytes, on: line) }
        case .sip(let line, let life): sip(line, life: life)
        case .listen(let line, let life): listen(line, life: life)
        case .open(let gathering, let round): open(round, in: gathering, due: due)
        case .dropHost(let gathering, let away): dropHost(of: gathering, for: away)
        case .restart: restartServer()
        case .storm(let number): storm(number, due: due)
        case .measure: break
        case .settle:
            settle()
            if !isFinishing { agenda.note(.settle, at: now + 2_000_000) }
        case .finish: finish(interrupted: false)
        case .awaitEnd(let until): awaitEnd(until: until)
        case .practise(let person): practise(person)
        case .drill: drill()
        }
    }

    // MARK: - Lost connections

    /// All devices of somebody vanish, and are back after a while.
    func drop(_ person: Person, for away: Int64, then next: Act.Next) {
        defer { if case .another = next { planDrop(of: person, after: now + away) } }
        guard !isFinishing, person.isHere, !person.isPaused else { return }
        person.awayUntil = now + away
        for line in person.lines where line.stage != .gone && line.stage != .off {
            lose(line)
            comeBack(line, at: now + away)
        }
    }

    func storm(_ number: Int, due: Int64) {
        let storm = scenario.drops.storms[number]
        var struck: [Person] = []
        var last = due
        for person in people where person.isHere {
            var draws = Draws(scenario.seed, .storms, number * people.count + person.number)
            guard draws.happens(storm.share) else { continue }
            let at = due + Int64(draws.share() * storm.within * 1_000_000)
            last = max(last, at)
            let away = micro(draws.number(in: storm.seconds))
            agenda.note(.drop(person, for: away, then: .nothing), at: at)
            struck.append(person)
        }
        mark("\(struck.count) connections lost")
        returns.expect(struck.map(\.number), from: last)
    }

    func dropHost(of gathering: Gathering, for away: Int64) {
        guard let host = gathering.leader else {
            remarks.append("\(gathering.session): no host was there to be dropped")
            return
        }
        mark("a host drops")
        drop(host, for: away, then: .nothing)
    }
}

/// Who is awaited after a storm or a restart.
struct Returns {
    private var awaited: [(people: Set<Int>, from: Int64)] = []
    /// The longest time from the last lost connection until all were back, in microseconds; nil when nobody was lost.
    private(set) var longest: Int64?

    mutating func expect(_ people: [Int], from moment: Int64) {
        if !people.isEmpty { awaited.append((Set(people), moment)) }
    }

    /// Somebody is in the session again.
    mutating func isBack(_ person: Int, at now: Int64) {
        for index in awaited.indices where now >= awaited[index].from {
            guard awaited[index].people.remove(person) != nil, awaited[index].people.isEmpty else { continue }
            longest = max(longest ?? 0, now - awaited[index].from)
        }
        awaited.removeAll { $0.people.isEmpty }
    }

    /// People who are awaited still.
    var missing: Int { awaited.reduce(0) { $0 + $1.people.count } }
}
