/// What a threshold is set on, in words.
struct MeasureWords: Equatable {
    /// With the percentile's short name where there is one.
    let text: String
    let unit: Unit

    enum Unit: Equatable {
        case milliseconds
        case seconds
        case megabytes
        case number
        /// Of one core.
        case share

        /// The number alone, on the scale that `text` has.
        func bare(_ value: Double) -> String { Figure.number(self == .share ? value * 100 : value) }

        func text(_ value: Double) -> String {
            switch self {
            case .milliseconds: "\(Figure.number(value)) ms"
            case .seconds: "\(Figure.number(value)) s"
            case .megabytes: "\(Figure.number(value)) MB"
            case .number: Figure.number(value)
            case .share: Figure.percent(value)
            }
        }
    }

    /// The words of a threshold's name; a name that this program does not know is shown as it is.
    init(_ name: String) {
        guard let measure = Scenario.Measure(rawValue: name) else {
            self.init(text: visible(name), unit: .number)
            return
        }
        self.init(text: measure.words, unit: measure.unit)
    }

    private init(text: String, unit: Unit) {
        self.text = text
        self.unit = unit
    }
}

extension Scenario.Measure {
    /// Whether a driver that is late makes it larger than it was.
    var isLatency: Bool {
        switch self {
        case .p50DeliveryMs, .p99DeliveryMs, .p999DeliveryMs, .p99AckMs, .p99JoinMs, .p99ResumeMs: true
        case .violations, .backWithinSeconds, .hostlessSeconds, .roomsLateMs, .refusals, .missingPeople,
            .serverMemoryMB:
            false
        }
    }

    fileprivate var words: String {
        switch self {
        case .violations: "rules that did not hold"
        case .p50DeliveryMs: "delivery of a message, half of all (p50)"
        case .p99DeliveryMs: "delivery of a message, 99 of 100 (p99)"
        case .p999DeliveryMs: "delivery of a message, 999 of 1,000 (p99.9)"
        case .p99AckMs: "reply to a command, 99 of 100 (p99)"
        case .p99JoinMs: "getting in, 99 of 100 (p99)"
        case .p99ResumeMs: "getting back in, 99 of 100 (p99)"
        case .backWithinSeconds: "until all were back after a storm or restart"
        case .hostlessSeconds: "longest time without a host"
        case .roomsLateMs: "latest closing of a room"
        case .refusals: "commands that were refused"
        case .missingPeople: "people who were not there"
        case .serverMemoryMB: "memory of the server"
        }
    }

    fileprivate var unit: MeasureWords.Unit {
        switch self {
        case .p50DeliveryMs, .p99DeliveryMs, .p999DeliveryMs, .p99AckMs, .p99JoinMs, .p99ResumeMs,
            .roomsLateMs:
            .milliseconds
        case .backWithinSeconds, .hostlessSeconds: .seconds
        case .serverMemoryMB: .megabytes
        case .violations, .refusals, .missingPeople: .number
        }
    }
}

extension RunResult.ThresholdResult {
    var words: MeasureWords { MeasureWords(name) }

    /// The measured value with its unit, or that there was none.
    var actualText: String { actual.map(words.unit.text) ?? "not measured" }

    /// At most this, with its unit.
    var limitText: String { words.unit.text(limit) }
}
