package import SessionEngine
package import Sessions

/// How long what was written and who was there are kept of sessions that are over, and when it is looked at again.
///
/// At the start, and then once a day, by the server's own clock.
package struct Retention: Equatable, Sendable {
    package static let intervalMilliseconds: Milliseconds = dayMilliseconds
    private static let dayMilliseconds: Milliseconds = 86_400_000

    /// Nil: until somebody erases it.
    package var textDays: Int?
    package var attendanceDays: Int?
    private var nextAt: Milliseconds = .min

    /// Everything is kept.
    package init() {}

    /// What is to be forgotten now; nil: nothing, or not yet.
    package mutating func due(at now: Milliseconds) -> Errand.Task? {
        guard textDays != nil || attendanceDays != nil, now >= nextAt else { return nil }
        nextAt = now + Self.intervalMilliseconds
        return .forget(
            wordsBefore: textDays.map { now - Milliseconds($0) * Self.dayMilliseconds },
            attendanceBefore: attendanceDays.map { now - Milliseconds($0) * Self.dayMilliseconds }
        )
    }

    /// What does not go together, in a sentence; nil: nothing.
    var problem: String? {
        guard let textDays, let attendanceDays, attendanceDays < textDays else { return nil }
        return
            "retain-attendance must not be less than retain-text: what people wrote goes with the session it stands in"
    }
}
