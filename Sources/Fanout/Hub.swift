package import WebSocket

/// The connections of one loop and the groups they are in: who is sent which bytes, in which order.
///
/// Theory of operation. A group is a stream of bytes; a push appends one frame to it, once, for everybody. Each
/// member has a position in that stream: up to there the bytes have been sent to it or lie in its own outbox. What
/// is for one member alone has its place in that stream, too, and is sent there; or it goes into the outbox, after
/// the rest of the group's stream up to now ("catching up"). So a connection always sends its outbox first and the
/// group's stream from its position on after that, and everybody hears everything in the order in which it was
/// decided.
///
/// The stream is kept as two buffers. Pushes go to the *open* one. `seal` turns it into the *sealed* one, which is
/// immutable and shared by all members, and which is sent in slices; what is pushed meanwhile belongs to the next
/// turn. When the last member has been served the sealed buffer is let go, apart from those whose socket did not
/// take all of it: their outbox holds a reference and an offset.
///
/// ```
/// carryOut … carryOut   seal   next → (the caller writes) → sent   …   next → nil   carryOut …
/// ```
///
/// The hub makes no call of the kernel and reads no clock, and it cannot be copied: a copy that nobody meant would
/// cost all its arrays at the next change. A connection is a slot; a `ConnectionID` of an earlier
/// generation of the slot finds nobody.
package struct Hub: ~Copyable {
    let loop: UInt16
    /// May change between turns.
    package var limits: OutboxLimits
    var slots: ContiguousArray<Slot> = []
    var groups: ContiguousArray<Group> = []
    private var freeSlots: [UInt32] = []

    /// Slots with an outbox to be sent in this turn.
    var touched: [UInt32] = []
    /// Groups with something in their open buffer.
    var dirty: [UInt32] = []
    /// Groups with a sealed buffer that not everybody has been sent, and which of them is served now.
    var serving: [UInt32] = []
    var servingIndex = 0
    /// Members of the group served now that this turn may still serve.
    var sliceLeft = 0
    var slow: [UInt32] = []

    /// The time of the turn, in milliseconds; the caller sets it when a turn begins.
    package var now: Int64 = 0
    /// Pushes times members, since the beginning.
    package private(set) var deliveries = 0
    /// Bytes in all outboxes, shared ones counted for each connection.
    package internal(set) var pendingBytes = 0
    /// Bytes in the open buffers of all groups.
    package internal(set) var openBytes = 0

    /// A hub without connections.
    package init(loop: UInt16, limits: OutboxLimits = OutboxLimits()) {
        self.loop = loop
        self.limits = limits
    }

    /// Takes in a connection, in no group.
    package mutating func open() -> ConnectionID {
        let slot: UInt32
        if let free = freeSlots.popLast() {
            slot = free
        } else {
            slot = UInt32(slots.count)
            slots.append(Slot())
        }
        slots[Int(slot)].isOpen = true
        slots[Int(slot)].textAt = now
        return ConnectionID(loop: loop, slot: slot, generation: slots[Int(slot)].generation)
    }

    /// Forgets the connection and what was to be sent to it; its slot is used again under another generation.
    package mutating func release(_ slot: UInt32) {
        guard slots[Int(slot)].isOpen else { return }
        leaveGroup(slot)
        pendingBytes -= slots[Int(slot)].outbox.byteCount
        let generation = slots[Int(slot)].generation &+ 1
        slots[Int(slot)] = Slot()
        slots[Int(slot)].generation = generation
        freeSlots.append(slot)
    }

    /// The slot of a connection that is still there; nil if it is gone or not of this loop.
    package func slot(of connection: ConnectionID) -> UInt32? {
        guard connection.loop == loop, connection.slot < slots.count else { return nil }
        let slot = slots[Int(connection.slot)]
        return slot.isOpen && slot.generation == connection.generation ? connection.slot : nil
    }

    /// The name of the connection in a slot.
    package func connection(in slot: UInt32) -> ConnectionID {
        ConnectionID(loop: loop, slot: slot, generation: slots[Int(slot)].generation)
    }

    /// Does what the delivery says, in memory; the sending comes with the turn's end.
    ///
    /// A close is handed back with the connection detached: what was pending for it lies in its outbox, and the
    /// caller appends the close frame behind it. Deliveries for connections that are gone or closing do nothing.
    package mutating func carryOut(_ delivery: Delivery) -> Closing? {
        switch delivery {
        case .push(let group, let frame):
            push(frame, to: group)
        case .reply(let connection, let frame, let exempt):
            guard let slot = reachable(connection) else { return nil }
            slots[Int(slot)].textAt = now
            if !exempt, insert(frame, for: slot) { return nil }
            catchUp(slot)
            append(frame, to: slot, exempt: exempt)
        case .enter(let connection, let group):
            guard let slot = reachable(connection) else { return nil }
            enter(slot, group)
        case .close(let connection, let code, let reason):
            guard let slot = reachable(connection) else { return nil }
            detach(slot)
            return Closing(slot: slot, code: code, reason: reason)
        }
        return nil
    }

    /// Appends bytes to the connection's outbox, in no order with what its group has pending.
    ///
    /// That is right for control frames and for what the loop itself answers. `isOpaque` bytes are not frames, such
    /// as an HTTP response.
    package mutating func append(
        _ bytes: [UInt8],
        to slot: UInt32,
        exempt: Bool = false,
        isOpaque: Bool = false
    ) {
        pendingBytes += bytes.count
        slots[Int(slot)].outbox.append(bytes, exempt: exempt, isOpaque: isOpaque)
        touch(slot)
    }

    /// Ends the deliveries to a connection that is to be closed: it leaves its group, whose pending bytes go into
    /// its outbox first.
    package mutating func detach(_ slot: UInt32) {
        catchUp(slot)
        leaveGroup(slot)
        slots[Int(slot)].isClosing = true
    }

    /// The same for a slow consumer: all that waits is dropped, apart from the rest of a frame of which it was sent
    /// a part, so that a close frame can follow.
    package mutating func cut(_ slot: UInt32) {
        leaveGroup(slot)
        slots[Int(slot)].ownFrames = []
        slots[Int(slot)].isClosing = true
        pendingBytes -= slots[Int(slot)].outbox.byteCount
        slots[Int(slot)].outbox.cutToFrame()
        pendingBytes += slots[Int(slot)].outbox.byteCount
    }

    /// Notes that the connection was sent a text outside of deliveries.
    package mutating func noteText(_ slot: UInt32) {
        slots[Int(slot)].textAt = now
    }

    /// When the connection was last sent a text.
    package func textAt(_ slot: UInt32) -> Int64 {
        slots[Int(slot)].textAt
    }

    /// Whether its socket is full and bytes wait for it.
    package func isBlocked(_ slot: UInt32) -> Bool {
        slots[Int(slot)].isBlocked
    }

    /// Since when a blocked connection has taken nothing.
    package func progressAt(_ slot: UInt32) -> Int64 {
        slots[Int(slot)].progressAt
    }

    /// Bytes in its outbox.
    package func pendingBytes(of slot: UInt32) -> Int {
        slots[Int(slot)].outbox.byteCount
    }

    private func reachable(_ connection: ConnectionID) -> UInt32? {
        guard let slot = slot(of: connection), !slots[Int(slot)].isClosing else { return nil }
        return slot
    }

    /// A second push in a turn is likely not to be the last.
    private static let roomBytes = 4 << 10

    private mutating func push(_ frame: [UInt8], to group: GroupID) {
        let number = Int(group.number)
        guard number < groups.count, !groups[number].members.isEmpty else { return }
        deliveries += groups[number].members.count
        openBytes += frame.count
        if groups[number].open.isEmpty {
            // The engine's array itself: most groups get one push a turn, and nothing is copied then.
            groups[number].open = frame
        } else {
            if groups[number].open.capacity < Self.roomBytes {
                groups[number].open.reserveCapacity(Self.roomBytes)
            }
            groups[number].open.append(contentsOf: frame)
        }
        if !groups[number].isDirty {
            groups[number].isDirty = true
            dirty.append(group.number)
        }
    }
}

/// What the caller does for a close: the frame is the close handshake's to write.
package struct Closing: Equatable, Sendable {
    package var slot: UInt32
    package var code: CloseCode
    package var reason: [UInt8]

    package init(slot: UInt32, code: CloseCode, reason: [UInt8]) {
        self.slot = slot
        self.code = code
        self.reason = reason
    }
}

/// How much may wait for one connection, and how many members are served at a time.
package struct OutboxLimits: Sendable {
    /// Without exempt bytes.
    package var countedBytes: Int
    /// With them.
    package var hardBytes: Int
    package var sliceMembers: Int

    /// The defaults are those of the hostile world's table.
    package init(countedBytes: Int = 256 << 10, hardBytes: Int = 2 << 20, sliceMembers: Int = 64) {
        self.countedBytes = countedBytes
        self.hardBytes = hardBytes
        self.sliceMembers = sliceMembers
    }
}
