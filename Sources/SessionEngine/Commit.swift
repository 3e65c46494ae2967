package import Fanout
package import Sessions

/// All that one batch came to: what the journal keeps first, and what the loops do once it is kept.
package struct Commit: Sendable {
    /// In the order in which they happened.
    package var entries: [Entry] = []
    /// For each loop what it does, in order.
    package var deliveries: [[Delivery]]
    /// What came of operators' errands, to be told once the entries are kept.
    package var errands: [ErrandOutcome] = []
    /// The state after this batch, when a checkpoint was asked for.
    package var checkpoint: CheckpointImage?

    init(loops: Int) {
        deliveries = Array(repeating: [], count: loops)
    }

    /// Puts what came after behind this.
    mutating func append(_ later: Commit) {
        entries += later.entries
        for loop in deliveries.indices { deliveries[loop] += later.deliveries[loop] }
        errands += later.errands
        checkpoint = later.checkpoint ?? checkpoint
    }

    package var isEmpty: Bool {
        entries.isEmpty && checkpoint == nil && errands.isEmpty && deliveries.allSatisfy(\.isEmpty)
    }
}
