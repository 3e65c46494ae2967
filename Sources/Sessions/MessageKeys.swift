/// The keys of a seat's last messages: `StateBounds.keysPerSeat` of them.
///
/// Each message is looked for among them, so they are found by a number each that lie side by side; and the oldest leave
/// many at a time.
package struct MessageKeys: Equatable, Sendable {
    private var entries: [MessageKey] = []
    /// Equal for equal keys (FNV-1a), in the same order.
    private var marks: [UInt32] = []

    /// None, or those of a checkpoint, oldest first.
    package init(_ keys: [MessageKey] = []) {
        for key in keys { append(key) }
    }

    /// Those that count, oldest first.
    package var all: ArraySlice<MessageKey> { entries.suffix(StateBounds.keysPerSeat) }

    mutating func append(_ key: consuming MessageKey) {
        if entries.count == 2 * StateBounds.keysPerSeat {
            entries.removeFirst(StateBounds.keysPerSeat)
            marks.removeFirst(StateBounds.keysPerSeat)
        }
        marks.append(Self.mark(of: key.key))
        entries.append(consume key)
    }

    /// The message that this key named last; nil when it named none.
    func message(_ key: Text) -> MessageID? {
        let mark = Self.mark(of: key)
        for index in marks.indices.suffix(StateBounds.keysPerSeat).reversed()
        where marks[index] == mark && entries[index].key == key {
            return entries[index].message
        }
        return nil
    }

    private static func mark(of key: Text) -> UInt32 {
        var mark: UInt32 = 2_166_136_261
        for byte in key.utf8 { mark = (mark ^ UInt32(byte)) &* 16_777_619 }
        return mark
    }

    package static func == (left: MessageKeys, right: MessageKeys) -> Bool { left.all == right.all }
}

/// A sender's key for a message, and the message it named.
package struct MessageKey: Equatable, Sendable {
    package var key: Text
    package var message: MessageID

    package init(key: Text, message: MessageID) {
        self.key = key
        self.message = message
    }
}
