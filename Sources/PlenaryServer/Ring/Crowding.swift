import SessionEngine
import Synchronization

/// In which lines so much waits for the engine that the loops send people away who want to add to it.
///
/// Without that one session's commands would fill the mailbox, and nobody's would be read.
final class Crowding: Sendable {
    /// In a class, since what is atomic cannot stand in an array.
    private final class Gate: Sendable {
        let isCrowded = Atomic<Bool>(false)
    }

    private let gates = (0...Lane.count).map { _ in Gate() }

    /// Whether the line takes no more commands.
    ///
    /// From any thread.
    subscript(lane: Lane) -> Bool {
        get { gates[lane.number].isCrowded.load(ordering: .relaxed) }
        set { gates[lane.number].isCrowded.store(newValue, ordering: .relaxed) }
    }
}
