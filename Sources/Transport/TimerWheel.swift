/// The earliest moment at which each slot wants to be looked at: a wheel of buckets, one grain of time each.
///
/// A slot is in at most one bucket. What is heard or sent changes nothing here: when a slot's time has come, the
/// loop looks whether anything is really due and puts the slot back, so 20,000 idle connections cost one look each
/// in ten seconds, and busy ones nothing more. A moment beyond the wheel's round goes into the last bucket and is
/// looked at early.
struct TimerWheel {
    private struct Entry {
        var next: Int32 = TimerWheel.none
        var previous: Int32 = TimerWheel.none
        /// The tick it is scheduled for; -1: in no bucket.
        var tick: Int64 = -1
    }

    private static let none: Int32 = -1
    private static let bucketCount: Int64 = 512

    private let grain: Int64
    /// Everything before this tick has been taken out.
    private var currentTick: Int64
    /// No slot is scheduled before it; `Int64.max` when none is scheduled.
    private var earliestTick = Int64.max
    private var heads: [Int32]
    private var entries: ContiguousArray<Entry> = []

    /// An empty wheel.
    ///
    /// `grain` in milliseconds: nothing is reported early, nor later than one grain.
    init(grain: Int64, now: Int64) {
        self.grain = grain
        currentTick = now / grain
        heads = [Int32](repeating: Self.none, count: Int(Self.bucketCount))
    }

    /// When `expire` has something to report, in milliseconds; nil when nothing is scheduled.
    var nextMoment: Int64? {
        earliestTick == .max ? nil : earliestTick * grain
    }

    /// Looks at the slot at this moment, unless it is to be looked at earlier anyway.
    mutating func schedule(_ slot: UInt32, at moment: Int64) {
        let index = Int(slot)
        while entries.count <= index {
            entries.append(Entry())
        }
        let wanted = (moment + grain - 1) / grain
        let tick = min(max(wanted, currentTick + 1), currentTick + Self.bucketCount - 1)
        let scheduled = entries[index].tick
        if scheduled >= 0 {
            if scheduled <= tick {
                return
            }
            unlink(index)
        }
        let bucket = Int(tick % Self.bucketCount)
        let head = heads[bucket]
        entries[index] = Entry(next: head, previous: Self.none, tick: tick)
        if head != Self.none {
            entries[Int(head)].previous = Int32(index)
        }
        heads[bucket] = Int32(index)
        earliestTick = min(earliestTick, tick)
    }

    /// Forgets the slot.
    mutating func cancel(_ slot: UInt32) {
        guard Int(slot) < entries.count, entries[Int(slot)].tick >= 0 else { return }
        unlink(Int(slot))
    }

    /// Takes out every slot whose moment has come and appends it to the list.
    mutating func expire(at now: Int64, into expired: inout [UInt32]) {
        let nowTick = now / grain
        guard earliestTick <= nowTick else {
            currentTick = max(currentTick, nowTick)
            return
        }
        var tick = max(currentTick, earliestTick)
        let last = min(nowTick, tick + Self.bucketCount - 1)
        while tick <= last {
            let bucket = Int(tick % Self.bucketCount)
            while heads[bucket] != Self.none {
                let index = Int(heads[bucket])
                unlink(index)
                expired.append(UInt32(index))
            }
            tick += 1
        }
        currentTick = nowTick
        findEarliest()
    }

    private mutating func unlink(_ index: Int) {
        let entry = entries[index]
        if entry.previous == Self.none {
            heads[Int(entry.tick % Self.bucketCount)] = entry.next
        } else {
            entries[Int(entry.previous)].next = entry.next
        }
        if entry.next != Self.none {
            entries[Int(entry.next)].previous = entry.previous
        }
        entries[index] = Entry()
    }

    private mutating func findEarliest() {
        for tick in (currentTick + 1)..<(currentTick + Self.bucketCount)
        where heads[Int(tick % Self.bucketCount)] != Self.none {
            earliestTick = tick
            return
        }
        earliestTick = .max
    }
}
