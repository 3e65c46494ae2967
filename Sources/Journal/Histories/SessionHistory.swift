package import Sessions

/// The entries of one session, in the order in which they happened.
///
/// They come from its archive when it has one, else from the segments; in an archive the words that were taken back are
/// blank. It takes no lock and changes nothing: beside a running server it ends quietly where that server has not
/// finished writing, and goes on in the archive when the server has moved the session there meanwhile.
package struct SessionHistory {
    package let id: SessionID
    /// The session's number on its server.
    package private(set) var number: SessionNumber = 0

    private let storage: any Storage
    private var archive: ArchiveReader?
    private var trail: SegmentTrail?
    private var lastSeq = 0
    /// So often may what is being read go away underneath.
    private var reopeningsLeft = 8

    /// The history of a session; nil when the folder knows none of this name.
    ///
    /// Throws `damaged` (the archive's header, or the segments before the session begins), `newerVersion` or `io`.
    package init?(of id: SessionID, in storage: any Storage) throws(JournalFault) {
        self.id = id
        self.storage = storage
        guard try open() else { return nil }
    }

    /// The next entry; nil at the end of what there is.
    ///
    /// Throws `damaged`, `newerVersion` or `io`.
    package mutating func next() throws(JournalFault) -> SessionEntry? {
        while true {
            let entry: SessionEntry?
            do throws(JournalFault) {
                entry = try archive == nil ? trail?.next() : archive?.next()
            } catch {
                guard error.isMissing, reopeningsLeft > 0 else { throw error }
                guard try open() else { return nil }
                continue
            }
            guard let entry else { return nil }
            // After another beginning, what was handed out is passed over.
            guard entry.seq > lastSeq else { continue }
            lastSeq = entry.seq
            return entry
        }
    }

    /// The hash that the state has just before `archived`, as the archive says; nil without an archive, or when it was
    /// spelled by an older server, so that the two cannot be compared.
    package var expectedEndHash: UInt64? {
        guard let header = archive?.header, header.encoding == ImageEncoding.version else { return nil }
        return header.stateHash
    }

    /// What is wrong with the last entry, as the operator reads it: where it stands, and why.
    package func fault(_ spelling: SpellingFault) -> JournalFault {
        let file = archive == nil ? "journal" : Archives.path(id)
        let sequence = archive?.sequence ?? trail?.sequence ?? 0
        return .damaged(Damage(file: file, offset: 0, sequence: sequence, why: spelling.description))
    }

    /// Looks for the session, and looks again when a running server moves it meanwhile.
    private mutating func open() throws(JournalFault) -> Bool {
        archive = nil
        trail = nil
        while true {
            do throws(JournalFault) {
                if let reader = try ArchiveReader(ifPresent: id, in: storage) {
                    number = reader.header.identity.number
                    archive = reader
                    return true
                }
                if let found = try SegmentTrail(of: id, in: storage) {
                    number = found.number
                    trail = found
                    return true
                }
                // It may have got its archive while the segments were read, and they have gone.
                guard reopeningsLeft > 0, try ArchiveReader(ifPresent: id, in: storage) != nil else {
                    return false
                }
            } catch {
                guard error.isMissing, reopeningsLeft > 0 else { throw error }
            }
            reopeningsLeft -= 1
        }
    }
}

/// One session's way through the segments.
private struct SegmentTrail {
    let number: SessionNumber
    /// The journal's number of the record that the last entry was in.
    private(set) var sequence: UInt64 = 0
    private var reader: JournalReader
    private var decoder = EntryDecoder()
    private var first: SessionEntry?
    private var isOver = false

    /// Looks for the session's beginning; nil when the segments do not have it.
    init?(of id: SessionID, in storage: any Storage) throws(JournalFault) {
        var reader = try JournalReader(beside: storage)
        while let record = try reader.next() {
            guard let entry = try record.creation(), case .created(let created) = entry.event,
                created.id == id
            else { continue }
            self.reader = reader
            number = record.session
            sequence = record.sequence
            first = entry
            return
        }
        return nil
    }

    mutating func next() throws(JournalFault) -> SessionEntry? {
        if let first {
            self.first = nil
            return first
        }
        while !isOver, let record = try reader.next() {
            guard record.session == number else { continue }
            sequence = record.sequence
            guard let entry = try decoder.sessionEntry(of: record) else { continue }
            isOver = entry.event.isLast
            return entry
        }
        return nil
    }
}

extension ArchiveReader {
    /// Opens a session's archive; nil when there is none.
    init?(ifPresent id: SessionID, in storage: any Storage) throws(JournalFault) {
        do throws(JournalFault) {
            try self.init(id, in: storage)
        } catch {
            guard error.isMissing else { throw error }
            return nil
        }
    }
}

extension JournalReader {
    /// A reader of all that is there, beside a server that may be writing.
    ///
    /// A checkpoint's name proves that the journal was synced so far: an end before it is damage, not a crash's trace.
    init(beside storage: any Storage) throws(JournalFault) {
        // First the checkpoints: what a running server writes meanwhile is behind them.
        var checkpointed: UInt64 = 0
        do throws(JournalFault) {
            checkpointed = try Checkpoints.list(storage).first ?? 0
        } catch {
            guard error.isMissing else { throw error }
        }
        try self.init(storage: storage, checkpointed: checkpointed)
    }
}

extension JournalRecord {
    /// The entry of a session's beginning, if that is what it is.
    func creation() throws(JournalFault) -> SessionEntry? {
        guard kind == RecordKind.created.rawValue else { return nil }
        var decoder = EntryDecoder()
        return try decoder.sessionEntry(of: self)
    }
}

extension EntryDecoder {
    /// The session's entry that the record completes; nil when it is words, or belongs to no session.
    mutating func sessionEntry(of record: JournalRecord) throws(JournalFault) -> SessionEntry? {
        do throws(SpellingFault) {
            guard case .session(let entry)? = try entry(of: record) else { return nil }
            return entry
        } catch {
            throw error.fault(of: record)
        }
    }
}

extension SessionEvent {
    /// Nothing of the session comes behind it.
    var isLast: Bool {
        switch self {
        case .archived, .sessionErased: true
        default: false
        }
    }
}
