/// What is to be played: an evening of many sessions, as a file in `LoadTests/Scenarios` describes it.
///
/// Times are seconds from the run's beginning; shares are from 0 to 1. The file's schema is
/// `LoadTests/Scenarios/scenario.schema.json`, whose names these are.
struct Scenario: Equatable, Sendable {
    var name: String
    /// In a sentence, for the report.
    var about: String
    /// Same seed, same traffic.
    var seed: UInt64 = 1
    /// How long the evening is; arrivals and all else happen within it.
    var seconds: Int
    var communities = 1
    /// Sessions of each community, all at once.
    var sessions = 1
    /// Repeats the communities until the descriptors of this process are used up.
    var fill = false
    var people: People
    var arrival = Arrival()
    var chat = Chat()
    var rounds: [Round] = []
    var hosts = Hosts()
    var drops = Drops()
    var far = Far()
    var slow = Slow()
    var restarts: [Restart] = []
    var thresholds: [Threshold] = []
}

extension Scenario {
    /// The thresholds that are set, and that nobody is missing unless another number is set: a server that has died
    /// delays nothing.
    var heldThresholds: [Threshold] {
        thresholds.contains { $0.measure == .missingPeople }
            ? thresholds : thresholds + [Threshold(measure: .missingPeople, limit: 0)]
    }
}

extension Scenario {
    /// Who comes to each session.
    struct People: Equatable, Sendable {
        /// Everybody, hosts included.
        var each: Int
        /// Besides the one host.
        var cohosts = 1
        var observers = 0
        /// Schools of a community; people are spread over them.
        var schools = 8
        /// The share that has a second device.
        var secondDevice = 0.0
    }

    /// When people come; the host of each session is the first.
    struct Arrival: Equatable, Sendable {
        enum Shape: String, CaseIterable, Sendable {
            /// All at the first moment.
            case atOnce
            /// Evenly.
            case even
            /// Few, many, few.
            case bell
        }

        var shape = Shape.even
        var seconds = 10
    }

    /// What people write.
    struct Chat: Equatable, Sendable {
        /// Messages of one person in a minute, on average; 0: nobody writes.
        var perMinute = 0.0
        var bytes = Span(from: 20, to: 200)
        /// The share of messages to one person of the same session.
        var direct = 0.0
        /// The share of what somebody hears in chat and puts a sign on.
        var reactions = 0.0
    }

    /// One opening of breakout rooms, in every session.
    struct Round: Equatable, Sendable {
        enum Mode: String, CaseIterable, Sendable {
            case even
            case mix
            case choose
        }

        /// When the host opens them.
        var at: Int
        /// When they close by themselves after that; the countdown included.
        var seconds: Int
        var closing = 10
        var mode = Mode.even
        /// How many rooms; nil: by `size`.
        var rooms: Int?
        /// People in a room.
        var size: Int?
    }

    /// What befalls hosts.
    struct Hosts: Equatable, Sendable {
        struct Drop: Equatable, Sendable {
            var at: Int
            /// The share of sessions whose host drops.
            var share = 1.0
            /// Until the host is back.
            var seconds: Int
        }

        var drops: [Drop] = []
    }

    /// Lost connections.
    struct Drops: Equatable, Sendable {
        struct Storm: Equatable, Sendable {
            var at: Int
            /// The share of all people.
            var share = 1.0
            /// From the first lost connection to the last.
            var within = 1.0
            /// Until one tries to come back.
            var seconds = Span(from: 1, to: 5)
        }

        /// Of one person.
        var perHour = 0.0
        var seconds = Span(from: 1, to: 20)
        var storms: [Storm] = []
    }

    /// People on poor links.
    struct Far: Equatable, Sendable {
        /// Moments at which nothing gets through, for so long.
        struct Pause: Equatable, Sendable {
            /// Of one person.
            var perHour = 0.0
            var seconds = Span(from: 20, to: 20)
        }

        var share = 0.0
        /// There and back.
        var delayMs = 500
        /// The link is dead and nobody says so.
        var cuts = Pause()
        /// The phone is in a pocket: nothing is read.
        var sleeps = Pause(perHour: 0, seconds: Span(from: 60, to: 240))
    }

    /// People who read more slowly than they are told things.
    struct Slow: Equatable, Sendable {
        var share = 0.0
        var bytesPerSecond = 1_000
    }

    /// The server is restarted by the command that the caller gives.
    struct Restart: Equatable, Sendable {
        var at: Int
    }

    /// A random number in a range of whole numbers, ends included.
    struct Span: Equatable, Sendable {
        var from: Int
        var to: Int
    }

    /// What must hold for the run to be good.
    struct Threshold: Equatable, Sendable {
        var measure: Measure
        /// At most this, in the measure's unit.
        var limit: Double
    }

    /// What a threshold may be set on; the raw value is the key in the file and its unit the name's end.
    enum Measure: String, CaseIterable, Sendable {
        case violations
        /// From when a message was due to when each who is in its audience has heard it.
        case p50DeliveryMs
        case p99DeliveryMs
        case p999DeliveryMs
        /// From when a command was due to its reply.
        case p99AckMs
        /// From when somebody was to arrive to the reply to the join.
        case p99JoinMs
        /// From when somebody was to be back to the reply to the join.
        case p99ResumeMs
        /// From the last lost connection of a storm or restart until all are back.
        case backWithinSeconds
        /// The longest time without a host while an eligible person was there.
        case hostlessSeconds
        /// How late the latest room closed.
        case roomsLateMs
        /// Commands that were refused.
        case refusals
        /// Of those who were to be there.
        case missingPeople
        /// Of the server, from its metrics.
        case serverMemoryMB
    }
}
