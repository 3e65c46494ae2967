import Sessions

/// Which words of a session are forgotten when it is archived: those of deleted messages, and those that an edit has
/// replaced.
///
/// Words are named by the `seq` of the event that they go with; the first ones of a message have the message's own.
struct Forgetting {
    /// The words that are to be blanked.
    private(set) var blanked: Set<Int> = []
    /// Where the words of edited messages stand now.
    private var latest: [MessageID: Int] = [:]
    private var decoder = EntryDecoder()

    /// Looks at the session's next record.
    mutating func take(_ record: JournalRecord) throws(SpellingFault) {
        // Nothing else tells of words that are gone.
        guard record.kind == RecordKind.chatEdited.rawValue || record.kind == RecordKind.chatDeleted.rawValue,
            case .session(let entry)? = try decoder.entry(of: record)
        else { return }
        switch entry.event {
        case .chatEdited(let message, _):
            blanked.insert(latest[message] ?? message)
            latest[message] = entry.seq
        case .chatDeleted(let message, _):
            blanked.insert(latest[message] ?? message)
        default: break
        }
    }

    /// The record as it is archived: of words to be forgotten only their length stays, in spaces.
    ///
    /// Rules that count the bytes of a text then still come to the same.
    func remaining(of record: JournalRecord) throws(SpellingFault) -> JournalRecord {
        guard record.kind == RecordKind.text.rawValue else { return record }
        var reader = ByteReader(record.payload)
        let seq = try reader.number()
        guard blanked.contains(seq) else { return record }
        let text = try reader.text()
        var writer = ByteWriter()
        writer.number(seq)
        writer.text(Text(utf8: Array(repeating: 0x20, count: text.utf8.count)))
        var record = record
        record.payload = writer.bytes
        return record
    }
}
