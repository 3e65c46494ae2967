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
        case .pause(let person, let length): pause(person, for: length)
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
        guard !isFinishing, person.isHere, !person.isPaused else {
            // Whom a storm meets away is not awaited because of it.
            if case .nothing = next { returns.spare(person.number) }
            return
        }
        person.awayUntil = now + away
        for line in person.lines where line.stage != .gone && line.stage != .off {
            lose(line)
            comeBack(line, at: now + away)
        }
    }

    func storm(_ number: Int, due: Int64) {
        let storm = scenario.drops.storms[number]
        var struck: [Int: Int64] = [:]
        for person in people where person.isHere {
            var draws = Draws(scenario.seed, .storms, number * people.count + person.number)
            guard draws.happens(storm.share) else { continue }
            let at = due + Int64(draws.share() * storm.within * 1_000_000)
            let away = micro(draws.number(in: storm.seconds))
            agenda.note(.drop(person, for: away, then: .nothing), at: at)
            struck[person.number] = at
        }
        mark("\(Figure.many(struck.count, "connection", "connections")) lost")
        returns.expect(struck)
    }

    func dropHost(of gathering: Gathering, for away: Int64) {
        guard let host = gathering.leader else {
            remark("\(gathering.session): no host was there to be dropped")
            return
        }
        mark("a host drops")
        drop(host, for: away, then: .nothing)
    }
}
