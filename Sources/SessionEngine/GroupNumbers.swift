import Fanout

/// Gives out group numbers, small ones again first.
struct GroupNumbers {
    private var next: UInt32 = 0
    private var free: [GroupID] = []

    mutating func take() -> GroupID {
        if let known = free.popLast() { return known }
        next += 1
        return GroupID(next - 1)
    }

    mutating func giveBack(_ group: GroupID) {
        free.append(group)
    }
}
