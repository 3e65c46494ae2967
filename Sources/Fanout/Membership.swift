/// What a hub knows of one connection; 64 bytes or so while it is idle.
struct Slot {
    var outbox = Outbox()
    /// To be sent within its group's stream, by rising positions.
    var ownFrames: [OwnFrame] = []
    var textAt: Int64 = 0
    var progressAt: Int64 = 0
    /// Up to where it has been given its group's stream, by sending or in its outbox.
    var position: UInt64 = 0
    var generation: UInt32 = 0
    /// `noGroup` or the group's number, and its index among the members there.
    var group = noGroup
    var place: UInt32 = 0
    var isOpen = false
    /// Nothing is delivered to it any more.
    var isClosing = false
    /// In the hub's list of touched slots.
    var isTouched = false
    /// Its socket is full; the caller tells when it is not.
    var isBlocked = false
    /// In the hub's list of slow ones, or has been.
    var isSlow = false

    static let noGroup = UInt32.max

    /// Something waits for it alone.
    var hasOwn: Bool { !outbox.isEmpty || !ownFrames.isEmpty }
}

/// A group on this loop: its members and the part of its stream that somebody has still to be sent.
struct Group {
    var members: ContiguousArray<UInt32> = []
    /// Pushed since the last sealing.
    var open: [UInt8] = []
    /// Being sent; empty when nothing is.
    var sealed: [UInt8] = []
    /// Where `open` begins in the stream, and `sealed` ends.
    var openStart: UInt64 = 0
    /// The next member to be served from `sealed`.
    var cursor = 0
    /// In the hub's list of groups with an open buffer.
    var isDirty = false
    /// In the hub's list of groups whose sealed buffer is being sent.
    var isServed = false

    var sealedStart: UInt64 { openStart - UInt64(sealed.count) }
    var end: UInt64 { openStart + UInt64(open.count) }
}

/// A frame for one connection alone, at its place in the stream of the connection's group.
struct OwnFrame {
    /// Behind so much of the stream.
    let position: UInt64
    let bytes: [UInt8]
}

extension Hub {
    /// Puts what the connection has still to hear of its group's stream into its outbox, with its own frames.
    mutating func catchUp(_ slot: UInt32) {
        let number = slots[Int(slot)].group
        guard number != Slot.noGroup else { return }
        give(slot, of: Int(number), upTo: groups[Int(number)].end)
    }

    /// The sealed part of that.
    mutating func giveSealed(_ slot: UInt32, of number: UInt32) {
        give(slot, of: Int(number), upTo: groups[Int(number)].openStart)
    }

    private mutating func give(_ slot: UInt32, of number: Int, upTo end: UInt64) {
        var given = 0
        while given < slots[Int(slot)].ownFrames.count, slots[Int(slot)].ownFrames[given].position <= end {
            let own = slots[Int(slot)].ownFrames[given]
            giveStream(slot, of: number, upTo: own.position)
            append(own.bytes, to: slot)
            given += 1
        }
        slots[Int(slot)].ownFrames.removeFirst(given)
        giveStream(slot, of: number, upTo: end)
    }

    /// Of the sealed buffer a reference, of the open one a copy.
    private mutating func giveStream(_ slot: UInt32, of number: Int, upTo end: UInt64) {
        let (sealedStart, openStart) = (groups[number].sealedStart, groups[number].openStart)
        guard slots[Int(slot)].position < end else { return }
        pendingBytes += Int(end - slots[Int(slot)].position)
        if slots[Int(slot)].position < openStart {
            let sealedEnd = min(end, openStart)
            slots[Int(slot)].outbox.append(
                sharing: groups[number].sealed,
                from: Int(slots[Int(slot)].position - sealedStart),
                to: Int(sealedEnd - sealedStart)
            )
            slots[Int(slot)].position = sealedEnd
        }
        if slots[Int(slot)].position < end {
            slots[Int(slot)].outbox.append(
                copying: groups[number].open,
                from: Int(slots[Int(slot)].position - openStart),
                to: Int(end - openStart)
            )
            slots[Int(slot)].position = end
        }
        slots[Int(slot)].textAt = now
        touch(slot)
    }

    /// Keeps a frame for the connection until its group's stream is sent, in which it has its place.
    ///
    /// So the stream is copied for nobody. False where that cannot be: then the frame belongs into the outbox.
    mutating func insert(_ frame: [UInt8], for slot: UInt32) -> Bool {
        let group = slots[Int(slot)].group
        // What is sealed goes before; and nobody knows when a full socket takes the rest.
        guard group != Slot.noGroup, !slots[Int(slot)].isBlocked, groups[Int(group)].sealed.isEmpty else {
            return false
        }
        slots[Int(slot)].ownFrames.append(OwnFrame(position: groups[Int(group)].end, bytes: frame))
        touch(slot)
        return true
    }

    mutating func enter(_ slot: UInt32, _ group: GroupID) {
        guard slots[Int(slot)].group != group.number else { return }
        catchUp(slot)
        leaveGroup(slot)
        let number = Int(group.number)
        while groups.count <= number {
            groups.append(Group())
        }
        slots[Int(slot)].group = group.number
        slots[Int(slot)].place = UInt32(groups[number].members.count)
        // It hears what is pushed from here on.
        slots[Int(slot)].position = groups[number].end
        groups[number].members.append(slot)
    }

    /// Takes the connection out of its group; what it has not heard of the stream is not its concern any more.
    mutating func leaveGroup(_ slot: UInt32) {
        let group = slots[Int(slot)].group
        guard group != Slot.noGroup else { return }
        let number = Int(group)
        let place = Int(slots[Int(slot)].place)
        slots[Int(slot)].group = Slot.noGroup
        guard let last = groups[number].members.popLast() else { return }
        if last != slot {
            groups[number].members[place] = last
            slots[Int(last)].place = UInt32(place)
            if place < groups[number].cursor {
                // It stands before the cursor now and would be passed over.
                giveSealed(last, of: group)
            }
        }
        if groups[number].members.isEmpty {
            openBytes -= groups[number].open.count
            groups[number].openStart = groups[number].end
            groups[number].open = []
            groups[number].sealed = []
            groups[number].members = []
        }
    }

    /// Sees to it that the outbox is sent in this turn; a blocked one waits for its socket instead.
    mutating func touch(_ slot: UInt32) {
        if slots[Int(slot)].isBlocked {
            checkLimits(slot)
        } else if !slots[Int(slot)].isTouched {
            slots[Int(slot)].isTouched = true
            touched.append(slot)
        }
    }

    /// Only what a full socket has left behind counts: a large reply that the kernel takes at once is no offence.
    mutating func checkLimits(_ slot: UInt32) {
        guard isOverLimit(slot), !slots[Int(slot)].isSlow, !slots[Int(slot)].isClosing else { return }
        slots[Int(slot)].isSlow = true
        slow.append(slot)
    }

    func isOverLimit(_ slot: UInt32) -> Bool {
        slots[Int(slot)].isBlocked
            && (slots[Int(slot)].outbox.countedBytes > limits.countedBytes
                || slots[Int(slot)].outbox.byteCount > limits.hardBytes)
    }
}
