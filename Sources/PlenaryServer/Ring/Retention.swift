package import SessionEngine
package import Sessions

/// How long what was written and who was there are kept of sessions that are over.
package struct Retention: Equatable, Sendable {
    /// Nil: until somebody erases it.
    package var textDays: Int?
    package var attendanceDays: Int?

    /// Everything is kept.
    package init() {}

    /// What does not go together, in a sentence; nil: nothing.
    var problem: String? {
        guard let textDays, let attendanceDays, attendanceDays < textDays else { return nil }
        return
            "retain-attendance must not be less than retain-text: what people wrote goes with the session it stands in"
    }
}

/// When it is looked at again: at the start, then once a day by the server's own clock, and when an operator has changed it.
package struct RetentionRhythm: Sendable {
    package static let intervalMilliseconds: Milliseconds = dayMilliseconds
    private static let dayMilliseconds: Milliseconds = 86_400_000

    private var lookedAt: (retention: Retention, at: Milliseconds)?

    /// Nobody has looked yet.
    package init() {}

    /// What is to be forgotten now; nil: nothing, or not yet.
    package mutating func due(_ retention: Retention, at now: Milliseconds) -> Errand.Task? {
        let isKnown = lookedAt.map { $0.retention == retention && now < $0.at + Self.intervalMilliseconds }
        guard isKnown != true else { return nil }
        lookedAt = (retention, now)
        guard retention.textDays != nil || retention.attendanceDays != nil else { return nil }
        return .forget(
            wordsBefore: retention.textDays.map { now - Milliseconds($0) * Self.dayMilliseconds },
            attendanceBefore: retention.attendanceDays.map { now - Milliseconds($0) * Self.dayMilliseconds }
        )
    }
}
