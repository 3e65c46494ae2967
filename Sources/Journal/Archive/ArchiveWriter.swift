import Sessions

/// One session's archive in the making.
struct ArchiveWriter {
    let identity: ArchiveIdentity
    /// Why this session cannot be archived; the others can.
    private(set) var damage: JournalFault?

    private let forgetting: Forgetting
    private let storage: any Storage
    private let file: any StorageFile
    private let seed: UInt32
    private var chain: UInt32
    private var fold: SessionFold
    private var decoder = EntryDecoder()
    private var first: UInt64 = 0
    private var last: UInt64 = 0
    private var records = 0
    private var endedAt: Milliseconds?
    private var offset = ArchiveHeader.bytes
    private var buffer: [UInt8] = []

    /// Makes the file, under a name that no archive has.
    init(_ identity: ArchiveIdentity, _ forgetting: Forgetting, in storage: any Storage) throws(JournalFault)
    {
        self.identity = identity
        self.forgetting = forgetting
        self.storage = storage
        seed = identity.seed
        chain = seed
        fold = SessionFold(identity.number)
        let path = Archives.unfinishedPath(identity.id)
        try storage.removeIfPresent(path)
        file = try storage.open(path, for: .create)
    }

    /// Takes the session's next record.
    mutating func append(_ record: JournalRecord) throws(JournalFault) {
        guard damage == nil else { return }
        do throws(SpellingFault) {
            let remaining = try forgetting.remaining(of: record)
            if case .session(let entry)? = try decoder.entry(of: remaining) {
                if case .ended(_, let at) = entry.event { endedAt = at }
                try fold.take(entry)
            }
            write(remaining)
        } catch {
            damage = error.fault(of: record)
        }
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Writes the header and makes the whole durable; the name comes after.
    ///
    /// False when the session cannot be archived.
    mutating func finish() throws(JournalFault) -> ArchiveHeader? {
        if damage == nil, fold.endHash == nil {
            let why = "session \(identity.number) does not end"
            damage = .damaged(Damage(file: "journal", offset: 0, sequence: last, why: why))
        }
        guard damage == nil, let stateHash = fold.endHash else { return nil }
        try flush()
        let header = ArchiveHeader(
            identity: identity,
            first: first,
            last: last,
            records: records,
            fileBytes: offset,
            stateHash: stateHash,
            encoding: ImageEncoding.version,
            isWordless: forgetting.allWords,
            endedAt: endedAt
        )
        try file.writeAll(header.encoded().span.bytes, at: 0)
        try file.syncAll()
        return header
    }

    private mutating func write(_ record: JournalRecord) {
        if records == 0 { first = record.sequence }
        last = record.sequence
        records += 1
        let archived = NewRecord(
            kind: record.kind,
            version: record.version,
            session: record.session,
            payload: record.payload,
            // What continued with another session ends here.
            continues: record.continues && fold.endHash == nil
        )
        chain = RecordHeader.append(
            archived,
            sequence: record.sequence,
            syncedThrough: record.sequence - 1,
            previous: chain,
            seed: seed,
            to: &buffer
        )
    }

    private mutating func flush() throws(JournalFault) {
        guard !buffer.isEmpty else { return }
        try file.writeAll(buffer.span.bytes, at: offset)
        offset += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}
