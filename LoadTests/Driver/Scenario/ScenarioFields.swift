// What a scenario file may hold: every key once, with its range and its meaning.
//
// `scenario.schema.json` and the table in `LoadTests/README.md` are made from this by tests.

extension Scenario {
    /// What a file begins with: the defaults, and nothing where there is no default.
    static let blank = Scenario(name: "", about: "", seconds: 0, people: People(each: 0))

    /// The keys of the file itself.
    static let fields: [ScenarioField<Scenario>] = [
        .note(.init("$schema", "Where an editor finds the schema: `scenario.schema.json`.")),
        .text(
            \.name,
            bytes: 1...40,
            isPlain: true,
            .init(
                "name",
                isRequired: true,
                "What the evening is called, in reports and in the ids of its sessions."
            )
        ),
        .text(\.about, bytes: 0...500, .init("about", "What it is for, in a sentence, for the report.")),
        .whole(\.seed, 0...9_007_199_254_740_991, .init("seed", "Same seed, same traffic.")),
        .whole(
            \.seconds,
            2...43_200,
            .init(
                "seconds",
                unit: "seconds",
                isRequired: true,
                "How long the evening is; all else happens within it."
            )
        ),
        .whole(
            \.communities,
            1...2_000,
            .init("communities", unit: "communities", "Communities that meet at once.")
        ),
        .whole(
            \.sessions,
            1...2_000,
            .init("sessions", unit: "sessions", "Sessions of each community, all at once.")
        ),
        .flag(
            \.fill,
            .init("fill", "Repeats the community until the descriptors of the driver are used up.")
        ),
        .part(\.people, People.fields, .init("people", isRequired: true, "Who comes to each session.")),
        .part(
            \.arrival,
            Arrival.fields,
            .init("arrival", "When people come; the host of each session is the first.")
        ),
        .part(\.chat, Chat.fields, .init("chat", "What people write.")),
        .list(
            \.rounds,
            of: Round(at: 0, seconds: 0),
            Round.fields,
            most: 50,
            .init("rounds", "Openings of breakout rooms, in every session.")
        ),
        .part(\.hosts, Hosts.fields, .init("hosts", "What befalls hosts.")),
        .part(\.drops, Drops.fields, .init("drops", "Lost connections.")),
        .part(\.far, Far.fields, .init("far", "People on poor links.")),
        .part(
            \.slow,
            Slow.fields,
            .init(
                "slow",
                "People who read more slowly than they are told things, and say the next message when the last is "
                    + "acknowledged."
            )
        ),
        .list(
            \.restarts,
            of: Restart(at: 0),
            Restart.fields,
            most: 20,
            .init("restarts", "Restarts of the server, by the command that the caller gives.")
        ),
        .part(
            \.thresholds,
            Threshold.fields,
            .init(
                "thresholds",
                isRequired: true,
                "What must hold for the run to be good: at least one of these, each at most."
            )
        ),
    ]
}

extension Scenario.People {
    fileprivate static let fields: [ScenarioField<Self>] = [
        .whole(
            \.each,
            2...2_000,
            .init(
                "each",
                unit: "people",
                isRequired: true,
                "Everybody of a session, hosts and observers included."
            )
        ),
        .whole(\.cohosts, 0...100, .init("cohosts", unit: "people", "Co-hosts, besides the one host.")),
        .whole(\.observers, 0...1_999, .init("observers", unit: "people", "Who only watches.")),
        .whole(
            \.schools,
            1...500,
            .init("schools", unit: "schools", "Schools of a community; people are spread over them.")
        ),
        .number(
            \.secondDevice,
            0...1,
            .init("secondDevice", unit: "share", "Who has a second device connected.")
        ),
    ]
}

extension Scenario.Arrival {
    fileprivate static let fields: [ScenarioField<Self>] = [
        .choice(\.shape, .init("shape", "All at the first moment, evenly, or few, many, few.")),
        .whole(
            \.seconds,
            1...3_600,
            .init("seconds", unit: "seconds", "From the first to the last; not of `atOnce`.")
        ),
    ]
}

extension Scenario.Chat {
    fileprivate static let fields: [ScenarioField<Self>] = [
        .number(
            \.perMinute,
            0...300,
            .init(
                "perMinute",
                unit: "messages a minute",
                "What one person writes on average; 0: nobody writes."
            )
        ),
        .span(\.bytes, 1...4_000, .init("bytes", unit: "bytes", "How long a text is.")),
        .number(
            \.direct,
            0...1,
            .init("direct", unit: "share", "Messages that go to one person of the same session alone.")
        ),
        .number(
            \.reactions,
            0...1,
            .init("reactions", unit: "share", "What each person puts a sign on, of what they hear in chat.")
        ),
    ]
}

extension Scenario.Round {
    fileprivate static let fields: [ScenarioField<Self>] = [
        .whole(
            \.at,
            1...43_200,
            .init("at", unit: "seconds", isRequired: true, "When the host opens the rooms.")
        ),
        .whole(
            \.seconds,
            2...43_200,
            .init(
                "seconds",
                unit: "seconds",
                isRequired: true,
                "When they close by themselves after that, countdown included."
            )
        ),
        .whole(\.closing, 0...3_600, .init("closing", unit: "seconds", "The countdown at their end.")),
        .choice(
            \.mode,
            .init("mode", "Who is put where: evenly, mixed by school and earlier rounds, or as they choose.")
        ),
        .whole(
            optional: \.rooms,
            1...200,
            .init("rooms", unit: "rooms", "How many rooms; either this or `size`.")
        ),
        .whole(
            optional: \.size,
            1...2_000,
            .init("size", unit: "people", "People in a room; either this or `rooms`.")
        ),
    ]
}

extension Scenario.Hosts {
    fileprivate static let fields: [ScenarioField<Self>] = [
        .list(
            \.drops,
            of: Drop(at: 0, seconds: 0),
            Drop.fields,
            most: 50,
            .init("drops", "Moments at which hosts lose their connection.")
        )
    ]
}

extension Scenario.Hosts.Drop {
    fileprivate static let fields: [ScenarioField<Self>] = [
        .whole(\.at, 1...43_200, .init("at", unit: "seconds", isRequired: true, "When.")),
        .number(\.share, 0...1, .init("share", unit: "share", "The sessions whose host drops.")),
        .whole(
            \.seconds,
            1...43_200,
            .init("seconds", unit: "seconds", isRequired: true, "Until the host is back.")
        ),
    ]
}

extension Scenario.Drops {
    fileprivate static let fields: [ScenarioField<Self>] = [
        .number(
            \.perHour,
            0...600,
            .init("perHour", unit: "times an hour", "How often one person loses the connection.")
        ),
        .span(\.seconds, 0...3_600, .init("seconds", unit: "seconds", "Until they try to come back.")),
        .list(
            \.storms,
            of: Storm(at: 0),
            Storm.fields,
            most: 50,
            .init("storms", "Moments at which many lose it at once.")
        ),
    ]
}

extension Scenario.Drops.Storm {
    fileprivate static let fields: [ScenarioField<Self>] = [
        .whole(\.at, 1...43_200, .init("at", unit: "seconds", isRequired: true, "When it begins.")),
        .number(\.share, 0...1, .init("share", unit: "share", "Who is hit, of all people.")),
        .number(
            \.within,
            0...600,
            .init("within", unit: "seconds", "From the first lost connection to the last.")
        ),
        .span(
            \.seconds,
            0...3_600,
            .init("seconds", unit: "seconds", "Until one of them tries to come back.")
        ),
    ]
}

extension Scenario.Far {
    fileprivate static let fields: [ScenarioField<Self>] = [
        .number(\.share, 0...1, .init("share", unit: "share", "Who is far away, of all people.")),
        .whole(
            \.delayMs,
            0...10_000,
            .init("delayMs", unit: "milliseconds", "How long a way there and back takes.")
        ),
        .part(
            \.cuts,
            Pause.fields,
            .init("cuts", "The link is dead for a while, and nobody says so.")
        ),
        .part(
            \.sleeps,
            Pause.fields,
            .init("sleeps", "The phone is in a pocket for a while: nothing is read.")
        ),
    ]
}

extension Scenario.Far.Pause {
    fileprivate static let fields: [ScenarioField<Self>] = [
        .number(
            \.perHour,
            0...600,
            .init("perHour", unit: "times an hour", "How often, of one who is far away.")
        ),
        .span(\.seconds, 1...3_600, .init("seconds", unit: "seconds", "How long.")),
    ]
}

extension Scenario.Slow {
    fileprivate static let fields: [ScenarioField<Self>] = [
        .number(\.share, 0...1, .init("share", unit: "share", "Who reads slowly, of all people.")),
        .whole(
            \.bytesPerSecond,
            1...100_000,
            .init("bytesPerSecond", unit: "bytes a second", "How fast they read.")
        ),
    ]
}

extension Scenario.Restart {
    fileprivate static let fields: [ScenarioField<Self>] = [
        .whole(\.at, 1...43_200, .init("at", unit: "seconds", isRequired: true, "When."))
    ]
}

extension Scenario.Threshold {
    fileprivate static let fields: [ScenarioField<[Self]>] = Scenario.Measure.allCases.map { measure in
        let (unit, meaning) = measure.label
        return .threshold(measure, unit: unit, meaning)
    }
}

extension Scenario.Measure {
    /// Its unit, and what it is.
    fileprivate var label: (unit: String, meaning: String) {
        switch self {
        case .violations: ("violations", "Rules that did not hold.")
        case .p50DeliveryMs: ("milliseconds", delivery("half of all"))
        case .p99DeliveryMs: ("milliseconds", delivery("99 of 100"))
        case .p999DeliveryMs: ("milliseconds", delivery("999 of 1,000"))
        case .p99AckMs: ("milliseconds", "From when a command was due to its reply, for 99 of 100.")
        case .p99JoinMs:
            ("milliseconds", "From when somebody was to arrive to the reply to the join, for 99 of 100.")
        case .p99ResumeMs:
            ("milliseconds", "From when somebody was to be back to the reply to the join, for 99 of 100.")
        case .backWithinSeconds:
            ("seconds", "From the last lost connection of a storm or restart until all are back.")
        case .hostlessSeconds:
            ("seconds", "The longest time without a host while somebody eligible was there.")
        case .roomsLateMs: ("milliseconds", "How late the latest room closed.")
        case .refusals: ("commands", "Commands that were refused.")
        case .missingPeople: ("people", "Who was to be there at the end and was not; without it nobody may.")
        case .serverMemoryMB: ("megabytes", "The server's memory, from its metrics.")
        }
    }

    private func delivery(_ share: String) -> String {
        "From when a message was due to when each who is to hear it has, for \(share)."
    }
}
