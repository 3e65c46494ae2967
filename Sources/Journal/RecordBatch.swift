/// Records to be written together, in order, with their payloads behind each other.
///
/// A chat message is two records of a few dozen bytes: an array for the payload of each would cost as much as all that
/// is done with them.
package struct RecordBatch: Sendable {
    /// A record without its payload (`NewRecord`).
    struct Head {
        var kind: UInt8
        var version: UInt8
        var session: UInt64
        var continues: Bool
        /// Where its payload ends; it begins where that of the record before ends.
        var end: Int
    }

    private(set) var heads: [Head] = []
    /// Where the next payload is spelled, behind those before.
    var writer = ByteWriter()

    /// An empty one.
    package init() {}

    /// The records in an array, in its order.
    package init(_ records: [NewRecord]) {
        for record in records {
            writer.append(record.payload)
            end(record.kind, version: record.version, session: record.session, continues: record.continues)
        }
    }

    /// How many records there are.
    package var count: Int { heads.count }

    /// Whether there are none.
    package var isEmpty: Bool { heads.isEmpty }

    /// The bytes of all payloads.
    package var payloadBytes: Int { writer.bytes.count }

    /// Ends the record whose payload stands at the end of `writer`.
    mutating func end(_ kind: UInt8, version: UInt8, session: UInt64, continues: Bool) {
        heads.append(
            Head(
                kind: kind,
                version: version,
                session: session,
                continues: continues,
                end: writer.bytes.count
            )
        )
    }

    /// Where the payload of a record stands among those of all.
    func payload(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : heads[index - 1].end)..<heads[index].end
    }

    /// The records one by one.
    var records: [NewRecord] {
        heads.indices.map { index in
            NewRecord(
                kind: heads[index].kind,
                version: heads[index].version,
                session: heads[index].session,
                payload: Array(writer.bytes[payload(index)]),
                continues: heads[index].continues
            )
        }
    }

    /// Forgets the records and keeps the memory.
    package mutating func removeAll() {
        heads.removeAll(keepingCapacity: true)
        writer.clear()
    }
}
