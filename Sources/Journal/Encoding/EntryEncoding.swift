package import Sessions

/// Entries as records: an event in one, what a person wrote in one of its own before it, so that it can be blanked.
///
/// A record continues in the next one where recovery must not keep it alone: words before their event, and an event
/// before the others of its decision.
package enum EntryEncoding {
    /// The records of entries, in order.
    package static func append(_ entries: [Entry], to batch: inout RecordBatch) {
        // By a span: an array hands out a copy of each entry, which counts references to all that it holds.
        let entries = entries.span
        for index in entries.indices { append(entries[index], to: &batch) }
    }

    /// The records of an entry, in order.
    package static func append(_ entry: Entry, to batch: inout RecordBatch) {
        switch entry {
        case .clock(let at):
            batch.writer.time(at)
            batch.end(.clock, session: 0)
        case .books(let entry):
            batch.writer.time(entry.at)
            let kind = batch.writer.event(entry.event)
            batch.end(kind, session: 0)
        case .session(let entry):
            if let text = entry.text {
                batch.writer.number(entry.seq)
                batch.writer.text(text)
                batch.end(.text, session: entry.session, continues: true)
            }
            batch.writer.number(entry.seq)
            batch.writer.time(entry.at)
            let kind = batch.writer.event(entry.event)
            batch.end(kind, session: entry.session, continues: entry.continues)
        }
    }

    /// The records of an entry one by one, for whoever keeps them.
    package static func append(_ entry: Entry, to records: inout [NewRecord]) {
        var batch = RecordBatch()
        append(entry, to: &batch)
        records += batch.records
    }

    /// The records of entries of which recovery is to keep all or none.
    ///
    /// What a start writes first is such: with half of it on the disk, the next start would take the half that is
    /// there for the last sign of life, and the time that the server was down for presence of all others.
    package static func records(keptTogether entries: [Entry]) -> [NewRecord] {
        var records: [NewRecord] = []
        for entry in entries { append(entry, to: &records) }
        for index in records.indices.dropLast() { records[index].continues = true }
        return records
    }
}

extension RecordBatch {
    fileprivate mutating func end(_ kind: RecordKind, session: UInt64, continues: Bool = false) {
        end(kind.rawValue, version: kind.version, session: session, continues: continues)
    }
}

/// Puts entries together again from records, one record at a time.
package struct EntryDecoder {
    private var pending: (session: UInt64, seq: Int, text: Text)?

    package init() {}

    /// The entry that the record completes; nil when it is words that belong to the next one.
    package mutating func entry(of record: JournalRecord) throws(SpellingFault) -> Entry? {
        guard let kind = RecordKind(rawValue: record.kind) else { throw .unknownKind(record.kind) }
        guard (1...kind.version).contains(record.version) else {
            throw .unknownVersion(kind: record.kind, version: record.version)
        }
        var reader = ByteReader(record.payload)
        switch kind {
        case .clock:
            let at = try reader.time()
            guard reader.isAtEnd else { throw .tooLong }
            return .clock(at: at)
        case .blank:
            pending = nil
            return nil
        case .personRenamed, .attendanceForgotten, .wordsForgotten:
            let at = try reader.time()
            return try reader.booksEvent(kind).map { .books(BooksEntry(at: at, event: $0)) }
        case .text:
            pending = (record.session, try reader.number(), try reader.text())
            guard reader.isAtEnd else { throw .tooLong }
            return nil
        default:
            let seq = try reader.number()
            let at = try reader.time()
            let event = try reader.event(kind, version: record.version)
            let words = pending.flatMap { $0.session == record.session && $0.seq == seq ? $0.text : nil }
            pending = nil
            return .session(
                SessionEntry(
                    session: record.session,
                    seq: seq,
                    at: at,
                    event: event,
                    text: words,
                    continues: record.continues
                )
            )
        }
    }
}
