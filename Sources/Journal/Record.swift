/// Something that happened, to be written.
///
/// The journal does not know what it means: `kind` and `version` say how to read the payload, and belong to whoever
/// spells events on disk. Kind 0 is the journal's own.
package struct NewRecord: Equatable, Sendable {
    /// 1 to 255.
    package var kind: UInt8
    /// The version of this kind's payload, from 1.
    package var version: UInt8
    /// The session it belongs to; 0 for none.
    package var session: UInt64
    /// At most `JournalLimits.payloadBytes`.
    package var payload: [UInt8]
    /// The next record belongs to it: recovery keeps both or neither.
    ///
    /// The last of a batch never continues.
    package var continues: Bool

    /// A record; `continues` when it makes sense only together with the next one.
    package init(kind: UInt8, version: UInt8, session: UInt64, payload: [UInt8], continues: Bool = false) {
        self.kind = kind
        self.version = version
        self.session = session
        self.payload = payload
        self.continues = continues
    }
}

/// A record as it was read.
package struct JournalRecord: Equatable, Sendable {
    /// Its number in the whole journal, from 1, without gaps (the journal's own marks have numbers too).
    package var sequence: UInt64
    package var kind: UInt8
    package var version: UInt8
    package var session: UInt64
    package var continues: Bool
    package var payload: [UInt8]
}

extension JournalRecord {
    /// A record as it is read again when it was written under this number.
    package init(_ record: NewRecord, sequence: UInt64) {
        self.init(
            sequence: sequence,
            kind: record.kind,
            version: record.version,
            session: record.session,
            continues: record.continues,
            payload: record.payload
        )
    }
}

/// What stands before the payload of a record on disk: 40 bytes, see `Protocol/journal.md`.
///
/// The header has a check of its own, so that its length can be trusted when the payload is bad, and so that headers
/// can be looked for behind a bad record in one pass.
struct RecordHeader: Equatable {
    static let bytes = 40
    private static let continuesFlag: UInt8 = 1

    /// The CRC-32C of the rest of the header, begun with the segment's check: a record of another segment is never
    /// taken for one of this.
    var check: UInt32
    /// The check of the record before (of the segment's header before the first): the chain.
    var previous: UInt32
    var payloadCheck: UInt32
    var length: Int
    var sequence: UInt64
    var session: UInt64
    var kind: UInt8
    var version: UInt8
    var continues: Bool
    /// How many records before this one were not known to be synced when it was written; `UInt32.max`: many.
    var unsynced: UInt32

    /// The highest number that was known to be synced when this was written.
    var syncedThrough: UInt64 {
        unsynced == .max || UInt64(unsynced) >= sequence ? 0 : sequence - 1 - UInt64(unsynced)
    }

    /// What the record occupies: header, payload, and 1 to 8 end bytes up to a multiple of 8.
    var extent: Int { Self.extent(payload: length) }

    /// What a record with such a payload occupies.
    static func extent(payload: Int) -> Int {
        (bytes + payload + 8) & ~7
    }

    /// Reads the header at `offset`; nil if it is not one that this segment's writer wrote.
    init?(_ image: RawSpan, at offset: Int, seed: UInt32) {
        guard offset + Self.bytes <= image.byteCount else { return nil }
        length = Int(image.number(at: offset + 12, as: UInt32.self))
        let flags = image.number(at: offset + 34, as: UInt8.self)
        version = image.number(at: offset + 33, as: UInt8.self)
        // Cheap looks first: this is asked at every eighth byte behind a bad record.
        guard length <= JournalLimits.payloadBytes, version != 0, flags & ~Self.continuesFlag == 0,
            image.number(at: offset + 35, as: UInt8.self) == 0,
            offset + Self.extent(payload: length) <= image.byteCount
        else { return nil }
        check = image.number(at: offset, as: UInt32.self)
        guard check == Checksum.crc32c(image.extracting(offset + 4..<offset + Self.bytes), continuing: seed)
        else { return nil }
        previous = image.number(at: offset + 4, as: UInt32.self)
        payloadCheck = image.number(at: offset + 8, as: UInt32.self)
        sequence = image.number(at: offset + 16, as: UInt64.self)
        session = image.number(at: offset + 24, as: UInt64.self)
        kind = image.number(at: offset + 32, as: UInt8.self)
        continues = flags & Self.continuesFlag != 0
        unsynced = image.number(at: offset + 36, as: UInt32.self)
    }

    /// Whether the payload behind the header at `offset` is what was written.
    func payloadIsIntact(_ image: RawSpan, at offset: Int) -> Bool {
        let start = offset + Self.bytes
        return payloadCheck == Checksum.crc32c(image.extracting(start..<start + length))
    }

    /// Appends a record to `buffer` and answers its check, the next one's `previous`.
    static func append(
        _ record: NewRecord,
        sequence: UInt64,
        syncedThrough: UInt64,
        previous: UInt32,
        seed: UInt32,
        to buffer: inout [UInt8]
    ) -> UInt32 {
        append(
            RecordBatch.Head(
                kind: record.kind,
                version: record.version,
                session: record.session,
                continues: record.continues,
                end: record.payload.count
            ),
            record.payload.span,
            sequence: sequence,
            syncedThrough: syncedThrough,
            previous: previous,
            seed: seed,
            to: &buffer
        )
    }

    /// The same for a record of a batch.
    static func append(
        _ record: RecordBatch.Head,
        _ payload: Span<UInt8>,
        sequence: UInt64,
        syncedThrough: UInt64,
        previous: UInt32,
        seed: UInt32,
        to buffer: inout [UInt8]
    ) -> UInt32 {
        let start = buffer.count
        let end = start + extent(payload: payload.count)
        let bytes = Self.bytes
        let check = withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 8) { header in
            header.store(littleEndian: previous, at: 4)
            header.store(littleEndian: Checksum.crc32c(payload.bytes), at: 8)
            header.store(littleEndian: UInt32(payload.count), at: 12)
            header.store(littleEndian: sequence, at: 16)
            header.store(littleEndian: record.session, at: 24)
            header.store(littleEndian: record.kind, at: 32)
            header.store(littleEndian: record.version, at: 33)
            header.store(littleEndian: record.continues ? continuesFlag : 0, at: 34)
            header.store(littleEndian: UInt8(0), at: 35)
            header.store(littleEndian: UInt32(clamping: sequence - 1 - syncedThrough), at: 36)
            let rest = UnsafeRawBufferPointer(rebasing: header[4...]).bytes
            let check = Checksum.crc32c(rest, continuing: seed)
            header.store(littleEndian: check, at: 0)
            buffer.append(contentsOf: header)
            return check
        }
        payload.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
        // Never zero, so that a record whose end was not written shows it: see `TailJudgement`.
        while buffer.count < end { buffer.append(0xFF) }
        return check
    }
}
