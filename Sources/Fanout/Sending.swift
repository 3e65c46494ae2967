/// One write to one connection: its outbox and what it has to hear of its group's sealed buffer.
///
/// The caller keeps one and lends it to `next` again and again.
package struct Sending {
    package internal(set) var slot: UInt32 = 0
    /// To be written in this order.
    package internal(set) var pieces: [OutboundPiece] = []
    /// Bytes of all pieces together.
    package internal(set) var byteCount = 0
    /// Those of them that lie in the outbox, and the pieces that they are in; the others are of the sealed buffer, and
    /// the connection's own frames in between.
    var outboxBytes = 0
    var outboxPieces = 0

    /// Nothing to write yet.
    package init() {}

    mutating func start(_ slot: UInt32) {
        self.slot = slot
        pieces.removeAll(keepingCapacity: true)
        byteCount = 0
        outboxBytes = 0
        outboxPieces = 0
    }

    mutating func add(_ piece: OutboundPiece) {
        pieces.append(piece)
        byteCount += piece.count
    }
}

/// What is left of a connection's bytes after a write.
package enum SendOutcome: Sendable {
    case allSent
    /// The socket is full: the caller calls `resume` when it is not.
    case waits
}

// A turn: `seal`, then `next` and `sent` until there is nothing more.
extension Hub {
    /// Ends what this turn pushes: open buffers become sealed ones, apart from groups that are still being served
    /// from an earlier turn's, and every served group may be served one slice.
    package mutating func seal() {
        var waiting = 0
        for number in dirty {
            let index = Int(number)
            if !groups[index].sealed.isEmpty {
                dirty[waiting] = number
                waiting += 1
                continue
            }
            groups[index].isDirty = false
            guard !groups[index].open.isEmpty else { continue }
            groups[index].openStart = groups[index].end
            openBytes -= groups[index].open.count
            groups[index].sealed = groups[index].open
            groups[index].open = []
            groups[index].cursor = 0
            if !groups[index].isServed {
                groups[index].isServed = true
                serving.append(number)
            }
        }
        dirty.removeSubrange(waiting...)
        servingIndex = 0
        sliceLeft = limits.sliceMembers
    }

    /// Whether another turn is needed at once, to send what is sealed or waits to be.
    package var hasUnsent: Bool {
        !serving.isEmpty || !touched.isEmpty || !dirty.isEmpty
    }

    /// Prepares the next write of this turn; false when the turn has nothing more to send.
    package mutating func next(_ sending: inout Sending) -> Bool {
        while let slot = touched.popLast() {
            guard slots[Int(slot)].isTouched else { continue }
            slots[Int(slot)].isTouched = false
            guard slots[Int(slot)].isOpen, !slots[Int(slot)].isBlocked, slots[Int(slot)].hasOwn else {
                continue
            }
            prepare(slot, &sending)
            if sending.byteCount > 0 { return true }
        }
        while servingIndex < serving.count {
            let number = Int(serving[servingIndex])
            if nextMember(of: number, &sending) {
                return true
            }
            if groups[number].cursor >= groups[number].members.count {
                groups[number].sealed = []
                groups[number].cursor = 0
                groups[number].isServed = false
                serving.swapAt(servingIndex, serving.count - 1)
                serving.removeLast()
            } else {
                servingIndex += 1
            }
            sliceLeft = limits.sliceMembers
        }
        return false
    }

    /// Prepares a write to a blocked connection whose socket has room again; false if nothing waits for it.
    package mutating func resume(_ slot: UInt32, _ sending: inout Sending) -> Bool {
        slots[Int(slot)].isBlocked = false
        guard !slots[Int(slot)].outbox.isEmpty else {
            slots[Int(slot)].progressAt = 0
            return false
        }
        prepare(slot, &sending)
        return true
    }

    /// Notes how many bytes of the write the socket took; the rest stays in the outbox.
    package mutating func sent(_ count: Int, of sending: borrowing Sending) -> SendOutcome {
        let slot = sending.slot
        let fromOutbox = min(count, sending.outboxBytes)
        if fromOutbox > 0 {
            slots[Int(slot)].outbox.remove(fromOutbox)
            pendingBytes -= fromOutbox
        }
        guard count < sending.byteCount else {
            slots[Int(slot)].progressAt = 0
            return .allSent
        }
        var taken = count - fromOutbox
        for piece in sending.pieces[sending.outboxPieces...] {
            let here = min(taken, piece.count)
            taken -= here
            pendingBytes += piece.count - here
            slots[Int(slot)].outbox.append(sharing: piece.bytes, from: piece.start + here, to: piece.end)
        }
        if count > 0 || slots[Int(slot)].progressAt == 0 {
            slots[Int(slot)].progressAt = now
        }
        slots[Int(slot)].isBlocked = true
        checkLimits(slot)
        return .waits
    }

    /// Takes out one connection whose outbox is over its limit; nil when there is none.
    package mutating func nextSlow() -> UInt32? {
        while let slot = slow.popLast() {
            guard slots[Int(slot)].isSlow else { continue }
            if isOverLimit(slot), !slots[Int(slot)].isClosing {
                return slot
            }
            // Its socket has taken enough of it since.
            slots[Int(slot)].isSlow = false
        }
        return nil
    }

    /// The outbox, and behind it the sealed buffer of its group as far as it has not heard it: one write for both.
    private mutating func prepare(_ slot: UInt32, _ sending: inout Sending) {
        sending.start(slot)
        sending.outboxBytes = slots[Int(slot)].outbox.pieces(into: &sending.pieces)
        sending.outboxPieces = sending.pieces.count
        sending.byteCount = sending.outboxBytes
        let group = slots[Int(slot)].group
        if group != Slot.noGroup { prepareSealed(slot, of: Int(group), &sending) }
    }

    private mutating func prepareSealed(_ slot: UInt32, of number: Int, _ sending: inout Sending) {
        let (start, end) = (groups[number].sealedStart, groups[number].openStart)
        var position = slots[Int(slot)].position
        func add(upTo place: UInt64, _ sending: inout Sending, _ sealed: [UInt8]) {
            guard position < place else { return }
            sending.add(OutboundPiece(sealed, from: Int(position - start), to: Int(place - start)))
            position = place
        }
        var told = 0
        while told < slots[Int(slot)].ownFrames.count, slots[Int(slot)].ownFrames[told].position <= end {
            let own = slots[Int(slot)].ownFrames[told]
            add(upTo: own.position, &sending, groups[number].sealed)
            sending.add(OutboundPiece(own.bytes))
            told += 1
        }
        if told > 0 { slots[Int(slot)].ownFrames.removeFirst(told) }
        add(upTo: end, &sending, groups[number].sealed)
        slots[Int(slot)].position = position
        if sending.byteCount > sending.outboxBytes { slots[Int(slot)].textAt = now }
    }

    private mutating func nextMember(of number: Int, _ sending: inout Sending) -> Bool {
        while sliceLeft > 0, groups[number].cursor < groups[number].members.count {
            let slot = groups[number].members[groups[number].cursor]
            groups[number].cursor += 1
            guard slots[Int(slot)].position < groups[number].openStart else { continue }
            sliceLeft -= 1
            if slots[Int(slot)].isBlocked {
                giveSealed(slot, of: UInt32(number))
                continue
            }
            sending.start(slot)
            prepareSealed(slot, of: number, &sending)
            return true
        }
        return false
    }
}
