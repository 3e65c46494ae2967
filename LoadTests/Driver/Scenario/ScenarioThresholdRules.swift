// The rules for thresholds: at least one, each on something that happens, and none that another one hides.

extension ScenarioRules {
    /// Thresholds.
    mutating func checkThresholds() {
        if scenario.thresholds.isEmpty {
            refuse(
                "thresholds",
                "Without a threshold no run is good or bad; begin with { \"violations\": 0, \"p99DeliveryMs\": 250 }."
            )
        }
        for threshold in scenario.thresholds {
            if let lack = lack(of: threshold.measure) {
                refuse("thresholds.\(threshold.measure.rawValue)", seeing: lack.seeing, lack.sentence)
            }
        }
        checkBack()
        checkDeliveries()
    }

    /// Why nothing could be measured, and where that was looked for.
    private func lack(of measure: Scenario.Measure) -> (seeing: [String], sentence: String)? {
        switch measure {
        case .p50DeliveryMs, .p99DeliveryMs, .p999DeliveryMs:
            guard scenario.chat.perMinute == 0 else { return nil }
            return (["chat"], "Nobody writes anything that could be delivered; set chat.perMinute.")
        case .p99AckMs:
            guard scenario.chat.perMinute == 0, scenario.rounds.isEmpty else { return nil }
            return (["chat", "rounds"], "Nobody gives a command; set chat.perMinute, or open rooms.")
        case .p99ResumeMs:
            guard !scenario.losesConnections else { return nil }
            return (
                ["hosts", "drops", "far", "restarts"],
                "Nobody loses a connection; set drops.perHour, or a storm."
            )
        case .backWithinSeconds:
            guard scenario.drops.storms.isEmpty, scenario.restarts.isEmpty else { return nil }
            return (
                ["drops", "restarts"], "There is neither a storm nor a restart to be back from; add one."
            )
        case .roomsLateMs:
            guard scenario.rounds.isEmpty else { return nil }
            return (["rounds"], "No rooms are opened that could close late; add a round.")
        case .hostlessSeconds:
            guard scenario.people.cohosts == 0 else { return nil }
            return (
                ["people.cohosts"],
                "Only the host is eligible, so nobody else could lead; set people.cohosts."
            )
        case .violations, .p99JoinMs, .refusals, .missingPeople, .serverMemoryMB: return nil
        }
    }

    /// Nobody is back before trying to be.
    private mutating func checkBack() {
        guard let limit = scenario.limit(of: .backWithinSeconds) else { return }
        for (index, storm) in scenario.drops.storms.enumerated() where Double(storm.seconds.to) >= limit {
            refuse(
                "thresholds.backWithinSeconds",
                seeing: ["drops.storms[\(index)]"],
                "The last ones of drops.storms[\(index)] try to be back after \(storm.seconds.to) s only; "
                    + "allow more than that."
            )
        }
    }

    /// A limit for half of all that is looser than one for nearly all can never be the one that is broken.
    private mutating func checkDeliveries() {
        let measures: [Scenario.Measure] = [.p50DeliveryMs, .p99DeliveryMs, .p999DeliveryMs]
        let set = measures.compactMap { measure in scenario.limit(of: measure).map { (measure.rawValue, $0) }
        }
        for (easy, hard) in zip(set, set.dropFirst()) where easy.1 > hard.1 {
            refuse(
                "thresholds.\(easy.0)",
                seeing: ["thresholds.\(hard.0)"],
                "\(easy.1.short) ms for it are more than \(hard.1.short) ms for \(hard.0), which holds for more "
                    + "deliveries; exchange them, or take this one out."
            )
        }
    }
}

extension Scenario {
    fileprivate func limit(of measure: Measure) -> Double? {
        thresholds.first { $0.measure == measure }?.limit
    }

    /// Whether anybody has to come back.
    fileprivate var losesConnections: Bool {
        drops.perHour > 0 || !drops.storms.isEmpty || !hosts.drops.isEmpty || !restarts.isEmpty
            || far.cuts.perHour > 0 || far.sleeps.perHour > 0
    }
}
