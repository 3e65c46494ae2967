import Sessions

extension Picture {
    /// What it shows, in one number: without presence, `seq` and times, which differ from run to run.
    ///
    /// Messages, requests and hands are named by the `seq` of an event: what counts is their order.
    var hash: UInt64 {
        var digest = Digest()
        let ranks = Ranks(self)
        digest.take(me.person)
        digest.take(life)
        digest.take(host ?? "-")
        digest.take(succession)
        digest.take(floor?.person ?? "-")
        digest.take("\(chatSettings.locked) \(chatSettings.slowSeconds)")
        for person in participants {
            digest.take([person.person, person.role, person.room])
            digest.take([person.name, person.school, person.label])
            digest.take("\(person.muted) \(person.pass)")
            digest.take(ranks[person.hand])
        }
        if let round {
            digest.take([round.phase, round.mode, round.late])
            digest.take(round.round)
            digest.take(round.closing)
            for room in round.rooms {
                digest.take(room.room)
                digest.take([room.name, room.task, room.place])
                digest.take("\(room.hostsRead)")
            }
        }
        for lines in [own.chat.main, own.chat.room, own.chat.hosts ?? [], own.chat.direct] {
            digest.take(lines.count)
            for line in lines { digest.take(line, ranks) }
        }
        digest.take("\(own.chat.hosts == nil)")
        for room in own.readable {
            digest.take(room.room)
            digest.take([room.name])
        }
        for help in own.help {
            digest.take(ranks[help.help])
            digest.take([help.person ?? "-", help.room, help.claimedBy ?? "-", "\(help.unnamed)"])
            digest.take([help.text ?? .empty])
        }
        digest.take([own.handoff?.from ?? "-", own.handoff?.to ?? "-"])
        return digest.value
    }
}

/// The numbers of events in a picture, and the place of each among them.
private struct Ranks {
    private var ranks: [Int: Int] = [:]

    init(_ picture: Picture) {
        let chat = picture.own.chat
        var numbers = picture.participants.compactMap(\.hand) + picture.own.help.map(\.help)
        for line in chat.main + chat.room + (chat.hosts ?? []) + chat.direct {
            numbers.append(line.message)
            if let replyTo = line.replyTo { numbers.append(replyTo) }
        }
        for (rank, number) in Set(numbers).sorted().enumerated() { ranks[number] = rank }
    }

    subscript(number: Int?) -> Int { number.flatMap { ranks[$0] } ?? -1 }
}

extension Digest {
    fileprivate mutating func take(_ texts: [String]) {
        for text in texts { take(text) }
    }

    fileprivate mutating func take(_ texts: [Text]) {
        for text in texts {
            take(text.utf8)
            take(-1)
        }
    }

    fileprivate mutating func take(_ life: Picture.Life) {
        take([life.id, life.phase, "\(life.locked) \(life.endsAt == nil) \(life.endedAt == nil)"])
        take([life.title, life.place])
    }

    fileprivate mutating func take(_ line: Picture.Line, _ ranks: Ranks) {
        take(ranks[line.message])
        take(ranks[line.replyTo])
        take([line.room ?? "-", line.to ?? "-", line.from, "\(line.deleted) \(line.editedAt == nil)"])
        take([line.text ?? .empty])
        for sign in line.reactions {
            take([sign.emoji])
            take(sign.count)
            take(sign.people ?? [])
        }
    }
}
