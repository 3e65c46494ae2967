import Fanout
import Sessions

/// Which seat a connection is on, found by its loop and slot without a dictionary.
struct Links {
    /// One connection's place.
    struct Link {
        let connection: ConnectionID
        let live: Live
        let seat: SeatID
        var group: GroupID
        var haste = Haste()
    }

    private var byLoop: [ContiguousArray<Link?>]
    private(set) var count = 0

    init(loops: Int) {
        byLoop = Array(repeating: [], count: loops)
    }

    subscript(connection: ConnectionID) -> Link? {
        get {
            let slot = Int(connection.slot)
            guard slot < byLoop[Int(connection.loop)].count, let link = byLoop[Int(connection.loop)][slot],
                link.connection == connection
            else { return nil }
            return link
        }
        set {
            let (loop, slot) = (Int(connection.loop), Int(connection.slot))
            while byLoop[loop].count <= slot { byLoop[loop].append(nil) }
            count += (newValue == nil ? 0 : 1) - (byLoop[loop][slot] == nil ? 0 : 1)
            byLoop[loop][slot] = newValue
        }
    }
}
