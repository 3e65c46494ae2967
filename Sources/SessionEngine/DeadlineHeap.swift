import Sessions

/// Which session wants to be looked at when: a binary heap with one live row a session.
///
/// A session's newer row makes its older ones stale; those are recognised and skipped when they come up, so nothing
/// is ever searched for.
struct DeadlineHeap {
    private var rows: [(at: Milliseconds, session: SessionNumber)] = []
    private var current: [SessionNumber: Milliseconds] = [:]

    /// The earliest time at which some session wants to be looked at.
    ///
    /// It may be a stale row's: then a look is wasted.
    var earliest: Milliseconds? { rows.first?.at }

    /// Rows in the heap, stale ones too.
    var rowCount: Int { rows.count }

    /// Says when a session wants to be looked at next; nil: not by itself.
    mutating func set(_ session: SessionNumber, at: Milliseconds?) {
        guard current[session] != at else { return }
        current[session] = at
        guard let at else { return }
        rows.append((at, session))
        rise(from: rows.count - 1)
        if rows.count > 2 * current.count + 64 { dropStale() }
    }

    /// A far deadline that gives way to a near one, again and again, would otherwise leave rows for a whole day.
    private mutating func dropStale() {
        rows.removeAll { current[$0.session] != $0.at }
        // Sorted rows are a heap.
        rows.sort { ($0.at, $0.session) < ($1.at, $1.session) }
    }

    /// The next session whose time has come, once for each time that was set.
    mutating func popDue(at now: Milliseconds) -> SessionNumber? {
        while let first = rows.first, first.at <= now {
            removeFirst()
            guard current[first.session] == first.at else { continue }
            current[first.session] = nil
            return first.session
        }
        return nil
    }

    private mutating func rise(from index: Int) {
        var child = index
        while child > 0 {
            let parent = (child - 1) / 2
            guard comesFirst(child, parent) else { return }
            rows.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func removeFirst() {
        rows.swapAt(0, rows.count - 1)
        rows.removeLast()
        var parent = 0
        while true {
            var first = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < rows.count && comesFirst(child, first)
            {
                first = child
            }
            guard first != parent else { return }
            rows.swapAt(first, parent)
            parent = first
        }
    }

    /// Rows of the same moment go by number, so that every run takes them in the same order.
    private func comesFirst(_ a: Int, _ b: Int) -> Bool {
        (rows[a].at, rows[a].session) < (rows[b].at, rows[b].session)
    }
}
