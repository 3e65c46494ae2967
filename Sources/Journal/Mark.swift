/// The journal's own records, of kind 0: a writer has begun, a writer is done.
///
/// The first confirms that everything before was synced and carries the writer's term; the second tells an orderly
/// end, and confirms the last batch.
struct Mark: Equatable {
    static let kind: UInt8 = 0
    static let version: UInt8 = 1
    private static let bytes = 18

    enum What: UInt8 {
        case opened = 1
        case closed = 2
    }

    var what: What
    /// The writer's `SyncMode.code`.
    var mode: UInt8
    var term: UInt64
    /// Milliseconds since 1970.
    var time: Int64

    init(_ what: What, mode: SyncMode, term: UInt64, time: Int64) {
        self.what = what
        self.mode = mode.code
        self.term = term
        self.time = time
    }

    /// Reads a mark.
    init(_ record: JournalRecord, file: String, offset: Int) throws(JournalFault) {
        guard record.version == Self.version else {
            throw .newerVersion(file: file, found: Int(record.version), known: Int(Self.version))
        }
        let payload = record.payload.span.bytes
        guard payload.byteCount == Self.bytes,
            let what = What(rawValue: payload.number(at: 0, as: UInt8.self))
        else {
            let why = "a mark that says nothing known"
            throw .damaged(Damage(file: file, offset: offset, sequence: record.sequence, why: why))
        }
        self.what = what
        mode = payload.number(at: 1, as: UInt8.self)
        term = payload.number(at: 2, as: UInt64.self)
        time = payload.number(at: 10, as: Int64.self)
    }

    /// The mark as a record.
    var record: NewRecord {
        var payload: [UInt8] = [what.rawValue, mode]
        payload.append(littleEndian: term)
        payload.append(littleEndian: time)
        return NewRecord(kind: Self.kind, version: Self.version, session: 0, payload: payload)
    }

    /// What holds of the last mark once a record stands behind it: whoever wrote that was not done.
    var afterRecord: Mark {
        var mark = self
        mark.what = .opened
        return mark
    }
}
