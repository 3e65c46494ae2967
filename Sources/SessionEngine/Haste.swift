package import Sessions

/// How often somebody was told `slowDown` of late; whoever does not slow down is closed (4429).
package struct Haste: Sendable {
    /// How often within how long it is borne.
    package struct Limits: Sendable {
        package var refusals = 50
        package var milliseconds: Milliseconds = 10_000

        package init(refusals: Int = 50, milliseconds: Milliseconds = 10_000) {
            self.refusals = refusals
            self.milliseconds = milliseconds
        }
    }

    private var refusals = 0
    private var since: Milliseconds = 0

    /// Nobody was told yet.
    package init() {}

    /// Counts a refusal more; says whether it is one more than is borne.
    package mutating func isTooMuch(at now: Milliseconds, _ limits: Limits) -> Bool {
        if now - since > limits.milliseconds {
            since = now
            refusals = 0
        }
        refusals += 1
        return refusals > limits.refusals
    }
}
