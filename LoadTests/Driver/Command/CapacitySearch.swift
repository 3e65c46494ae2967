/// Looks for the largest number of sessions at which every threshold is met: doubling until one breaks, then halving the
/// distance, then the point found three times over.
///
///     raising ──broken──▶ halving ──close enough──▶ confirming ──three times met──▶ found
///        └── most reached ─────────────────────────────▲  └── broken: halving again, below it
struct CapacitySearch {
    /// What a run at one number came to.
    enum Trial: Equatable {
        case met
        /// In words.
        case broken(String)
        /// The driver was the bottleneck: nothing is known of the server at this number.
        case invalid(String)
    }

    enum Outcome: Equatable {
        /// So many were met three times, and more were not for this reason.
        case found(Int, limit: String)
        /// So many were met three times; more were not tried, or could not be by this driver.
        case atLeast(Int, why: String)
        /// Not even one.
        case none(String)
    }

    /// The number to be tried next; nil when the outcome is there.
    private(set) var next: Int?
    private(set) var outcome: Outcome?
    /// All that was tried.
    private(set) var trials: [(sessions: Int, trial: Trial)] = []
    /// The largest that was met, the smallest that was not.
    private var met = 0
    private var broken: (sessions: Int, why: String, isDriver: Bool)?
    private var confirmations = 0
    private let most: Int

    static let repeats = 3

    init(from first: Int, most: Int) {
        self.most = max(1, most)
        next = min(max(1, first), self.most)
    }

    /// What came of `next`.
    mutating func take(_ trial: Trial) {
        guard let tried = next else { return }
        trials.append((tried, trial))
        switch trial {
        case .met:
            if tried == met { confirmations += 1 } else { (met, confirmations) = (tried, 1) }
        case .broken(let why), .invalid(let why):
            let isDriver = if case .invalid = trial { true } else { false }
            broken = (tried, why, isDriver)
            if tried <= met {
                // It was met before and is not now: look below it.
                met = trials.filter { $0.trial == .met && $0.sessions < tried }.map(\.sessions).max() ?? 0
                confirmations = met == 0 ? 0 : 1
            }
        }
        next = following()
        if next == nil { outcome = conclusion() }
    }

    private func following() -> Int? {
        if let broken {
            if met == 0, broken.sessions == 1 { return nil }
            // A twentieth is as near as runs of this length tell.
            if broken.sessions - met > max(1, met / 20) { return (met + broken.sessions) / 2 }
        } else if met < most {
            return min(most, max(1, met * 2))
        }
        return confirmations < Self.repeats ? met : nil
    }

    private func conclusion() -> Outcome {
        guard met > 0 else { return .none(broken?.why ?? "nothing was tried") }
        guard let broken else { return .atLeast(met, why: "more were not asked for") }
        return broken.isDriver ? .atLeast(met, why: broken.why) : .found(met, limit: broken.why)
    }
}

extension CapacitySearch.Outcome {
    /// The one sentence.
    func sentence(peopleEach: Int) -> String {
        switch self {
        case .found(let sessions, let limit):
            "This machine carries \(Self.count(sessions)) of \(peopleEach) people; first limit: \(limit)."
        case .atLeast(let sessions, let why):
            "This machine carries \(Self.count(sessions)) of \(peopleEach) people at least; \(why)."
        case .none(let limit):
            "This machine does not carry one session of \(peopleEach) people; first limit: \(limit)."
        }
    }

    private static func count(_ sessions: Int) -> String { Wording.count(sessions, "session", "sessions") }
}
