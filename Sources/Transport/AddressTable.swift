/// How many connections each address has that have not joined yet, and how fast new ones come from it.
///
/// Loop 0 owns the only one. An address that has been quiet for as long as its burst takes to fill up is forgotten,
/// so the table is as large as the last seconds were busy.
struct AddressTable {
    private struct Entry {
        var pending = 0
        /// Connections that may come now, in thousandths.
        var allowance: Int64
        var countedAt: Int64
    }

    /// What is said to a newcomer.
    enum Answer: Equatable, Sendable {
        case admitted
        case tooManyPending
        case tooFast
    }

    /// How many connections an address may have pending, and how fast new ones may come.
    struct Limits {
        var maxPending: Int
        var perSecond: Int64
        var burst: Int64

        init(_ limits: TransportLimits) {
            maxPending = limits.maxPendingPerAddress
            perSecond = Int64(limits.newConnectionsPerSecond)
            burst = Int64(limits.newConnectionsBurst)
        }
    }

    var limits: Limits
    private var entries: [PeerAddress.Network: Entry] = [:]
    private var sweptAt: Int64 = 0

    init(_ limits: Limits) {
        self.limits = limits
    }

    /// Counts a new connection, if it may come.
    ///
    /// An admitted one is pending until `settle`.
    mutating func admit(_ network: PeerAddress.Network, at now: Int64) -> Answer {
        sweep(at: now)
        var entry = entries[network] ?? Entry(allowance: limits.burst * 1000, countedAt: now)
        refill(&entry, at: now)
        defer { entries[network] = entry }
        guard entry.allowance >= 1000 else { return .tooFast }
        entry.allowance -= 1000
        guard entry.pending < limits.maxPending else { return .tooManyPending }
        entry.pending += 1
        return .admitted
    }

    /// One of the network's pending connections has joined, or is gone.
    mutating func settle(_ network: PeerAddress.Network) {
        entries[network]?.pending -= 1
    }

    /// Addresses known now.
    var count: Int { entries.count }

    private func refill(_ entry: inout Entry, at now: Int64) {
        entry.allowance = min(
            limits.burst * 1000,
            entry.allowance + (now - entry.countedAt) * limits.perSecond
        )
        entry.countedAt = now
    }

    private mutating func sweep(at now: Int64) {
        guard now - sweptAt >= 5_000 else { return }
        sweptAt = now
        entries = entries.filter { _, entry in
            entry.pending > 0
                || entry.allowance + (now - entry.countedAt) * limits.perSecond < limits.burst * 1000
        }
    }
}
