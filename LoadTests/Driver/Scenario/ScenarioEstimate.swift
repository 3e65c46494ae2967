/// What a scenario comes to, roughly: enough to see beforehand whether it is a breeze or a flood.
///
/// Messages are those of the chat. Deliveries are what all connections are told together: messages, signs, arrivals,
/// rooms, and absences of more than five seconds.
struct ScenarioEstimate: Equatable, Sendable {
    let messages: Int
    let deliveries: Int
    /// Of the chat, when everybody is there and in the main room.
    let deliveriesPerSecond: Int
    /// Of one person.
    let signsPerSecond: Double
    let signsPerSession: Int

    /// Counts what the sessions of a scenario come to.
    init(_ scenario: Scenario) {
        let evening = SessionEstimate(scenario)
        let sessions = Double(scenario.allSessions)
        messages = Self.whole(evening.messages * sessions)
        deliveries = Self.whole((evening.chat + evening.comings + evening.rooms) * sessions)
        deliveriesPerSecond = Self.whole(evening.chatPerSecond * sessions)
        signsPerSecond = evening.signsPerSecond
        signsPerSession = Self.whole(evening.signs)
    }

    private static func whole(_ number: Double) -> Int {
        Int(min(max(number, 0), 1e15).rounded())
    }
}

/// The same of one session, as fractions.
private struct SessionEstimate {
    private let scenario: Scenario
    private let people: Double
    /// Connections that hear what everybody hears.
    private let hearing: Double

    init(_ scenario: Scenario) {
        self.scenario = scenario
        people = Double(scenario.people.each)
        hearing = people * (1 + scenario.people.secondDevice)
    }

    /// Seconds in which people write, the one who comes in the middle of the arrivals taken for all.
    private var seconds: Double { max(0, Double(scenario.seconds) - Double(scenario.arrivalEnd) / 2) }

    /// In rooms, of those.
    private var secondsInRooms: Double { Double(scenario.rounds.map(\.seconds).reduce(0, +)) }

    private var written: Double {
        (people - Double(scenario.people.observers)) * scenario.chat.perMinute / 60
    }

    private var directShare: Double { scenario.chat.direct }

    var messages: Double { written * seconds }

    /// Each message is heard by all, and so is each sign that one of them puts on it.
    private func heard(by audience: Double) -> Double {
        audience + people * (audience / max(hearing, 1)) * scenario.chat.reactions * audience
    }

    var chatPerSecond: Double {
        written * (directShare * 2 + (1 - directShare) * heard(by: hearing))
    }

    var signsPerSecond: Double { written * (1 - directShare) * scenario.chat.reactions }

    var signs: Double { signsPerSecond * people * max(0, seconds - secondsInRooms) }

    var chat: Double {
        let inMain = chatPerSecond * max(0, seconds - secondsInRooms)
        let inRooms = scenario.rounds.map { round in
            let rooms =
                round.rooms.map(Double.init) ?? Double(scenario.participants) / Double(round.size ?? 1)
            let room = heard(by: hearing / max(1, rooms))
            return written * (directShare * 2 + (1 - directShare) * room) * Double(round.seconds)
        }
        return inMain + inRooms.reduce(0, +)
    }

    /// Opened, warned, closing, closed.
    var rooms: Double { Double(scenario.rounds.count) * 4 * hearing }

    /// Arrivals, each told to those who are there; and who goes for long and returns.
    var comings: Double {
        let drops = scenario.drops
        var absences = drops.seconds.mean > 5 ? drops.perHour * people * seconds / 3_600 : 0
        for storm in drops.storms where storm.seconds.mean > 5 { absences += storm.share * people }
        return people * hearing / 2 + absences * 2 * hearing
    }
}
