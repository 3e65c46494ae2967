import SessionProtocol
import Sessions
import Tickets

/// Everybody of a scenario, session by session: who they are, when they come, over what link.
///
/// It follows from the scenario and its seed alone; the ids of the sessions also carry the run's name, since an id is used once.
struct Cast {
    struct Troupe {
        var session: String
        var community: String
        var people: [Role]
    }

    struct Role {
        var person: String
        var name: String
        var school: String
        var role: TicketRole
        /// Microseconds since the run began.
        var arrives: Int64
        var devices: Int
        var link: Link

        var isHost: Bool { role == .host }
        var mayLead: Bool { role == .host || role == .cohost }
        /// Observers only watch.
        var writes: Bool { role != .observer }
        /// By those who place people into rooms.
        var isPlaced: Bool { role == .participant }
    }

    enum Link: Equatable {
        case near
        case far
        case slow
    }

    var troupes: [Troupe] = []

    /// `most` is how many connections there may be; it counts with `fill` alone.
    init(_ scenario: Scenario, run: String, most: Int = .max) {
        let fits = max(1, most / scenario.people.each)
        let count = scenario.fill ? fits : scenario.communities * scenario.sessions
        for index in 0..<count {
            let community = scenario.fill ? index : index / scenario.sessions
            troupes.append(Self.troupe(scenario, run: run, index: index, community: community))
        }
    }

    /// How the ids of pretend people begin who practise with a host.
    static let pretendPrefix = "pretend-"

    /// Pretend people for a host's own session.
    ///
    /// The second of them is a co-host, who waits for the host: somebody else has to be there to see the host come.
    init(practising people: Int, in session: String) {
        let roles = (0..<people).map { number in
            Role(
                person: "\(Self.pretendPrefix)\(number + 1)",
                name: number == 1 ? "Co-host (pretend)" : "Teacher \(max(1, number)) (pretend)",
                school: "School \(number % 5 + 1)",
                role: number == 1 ? .cohost : .participant,
                arrives: Int64(number) * 1_500_000,
                devices: 1,
                link: .near
            )
        }
        troupes = [Troupe(session: session, community: "Practice", people: roles)]
    }

    var people: Int { troupes.reduce(0) { $0 + $1.people.count } }

    var connections: Int { troupes.reduce(0) { $0 + $1.people.reduce(0) { $0 + $1.devices } } }

    private static func troupe(_ scenario: Scenario, run: String, index: Int, community: Int) -> Troupe {
        let most = scenario.people
        var people: [Role] = []
        for number in 0..<most.each {
            let role: TicketRole =
                switch number {
                case 0: .host
                case 1...max(1, most.cohosts) where most.cohosts > 0: .cohost
                case (most.each - most.observers)...: .observer
                default: .participant
                }
            let everybody = index * most.each + number
            var kind = Draws(scenario.seed, .kind, everybody)
            let lot = kind.share()
            // Who leads has a good link; it is cut when the scenario says so.
            let link: Link =
                role == .host || role == .cohost
                ? .near
                : lot < scenario.far.share
                    ? .far : lot < scenario.far.share + scenario.slow.share ? .slow : .near
            people.append(
                Role(
                    person:
                        "c\(community + 1)-p\(index % max(1, scenario.sessions) * most.each + number + 1)",
                    name: name(role, number),
                    school: "School \(number % most.schools + 1)",
                    role: role,
                    arrives: arrival(scenario, everybody, isHost: number == 0),
                    devices: kind.happens(most.secondDevice) ? 2 : 1,
                    link: link
                )
            )
        }
        return Troupe(
            session: "\(Preflight.prefix(run))s\(index + 1)",
            community: "Rehearsal \(community + 1)",
            people: people
        )
    }

    private static func name(_ role: TicketRole, _ number: Int) -> String {
        switch role {
        case .host: "Host"
        case .cohost: "Co-host \(number)"
        case .observer: "Observer \(number)"
        default: "Teacher \(number)"
        }
    }

    /// Hosts come in the first tenth of the time, so that nobody else leads; all others after them.
    private static func arrival(_ scenario: Scenario, _ number: Int, isHost: Bool) -> Int64 {
        var draws = Draws(scenario.seed, .arrival, number)
        let whole = Double(scenario.arrival.seconds) * 1_000_000
        let hosts = min(whole / 10, 2_000_000)
        if isHost { return Int64(draws.share() * hosts) }
        let part =
            switch scenario.arrival.shape {
            case .atOnce: 0.0
            case .even: draws.share()
            case .bell: (draws.share() + draws.share() + draws.share()) / 3
            }
        return Int64(hosts + 200_000 + part * max(0, whole - hosts - 200_000))
    }
}

extension Cast.Role {
    /// The ticket for a session, a rehearsal, good for a day.
    ///
    /// - Throws: `TicketFault` when it cannot be signed.
    func ticket(
        session: String,
        community: String,
        at now: Milliseconds,
        by writer: TicketWriter
    ) throws(TicketFault) -> [UInt8] {
        guard let person = PersonID(person.utf8), let pattern = SessionPattern(session.utf8) else {
            throw .claimValue
        }
        let claims = TicketClaims(
            person: person,
            name: Text(name),
            school: Text(school),
            role: role,
            session: pattern,
            expiresAt: now + 86_400_000,
            community: Text(community),
            title: Text("Rehearsal"),
            isRehearsal: true
        )
        return Array(try writer.ticket(claims).utf8)
    }
}
