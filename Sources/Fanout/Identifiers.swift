/// Names one connection for as long as the process lives: the loop that owns it, its slot there, and the slot's
/// generation, so that a late delivery for a connection that is gone finds nobody.
package struct ConnectionID: Hashable, Sendable {
    package var loop: UInt16
    package var generation: UInt32
    package var slot: UInt32

    package init(loop: UInt16, slot: UInt32, generation: UInt32) {
        self.loop = loop
        self.slot = slot
        self.generation = generation
    }
}

/// Names one group of connections that hear the same pushes: (session, room, hosts / participants /
/// observers).
///
/// Small and dense: the engine gives numbers out and uses them again when a group has been empty and
/// forgotten.
package struct GroupID: Hashable, Sendable {
    package var number: UInt32

    package init(_ number: UInt32) {
        self.number = number
    }
}
