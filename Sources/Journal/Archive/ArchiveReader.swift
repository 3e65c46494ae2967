package import Sessions

/// Reads an archived session: its entries in order, as the journal had them, but for the words that were taken back.
///
/// It checks what it reads: every check, the chain, the order, and at the end that nothing is missing. Folding the
/// entries with `Session.apply` gives the state whose hash the header tells (`SessionFold`).
package struct ArchiveReader {
    package let header: ArchiveHeader
    /// The journal's number of the record that the last entry was in.
    package private(set) var sequence: UInt64 = 0

    private let file: any StorageFile
    private let path: String
    private let seed: UInt32
    private var chain: UInt32
    private var decoder = EntryDecoder()
    private var records = 0
    /// The part of the file from `start`, of which `offset` bytes have been read.
    private var buffer: [UInt8] = []
    private var start = ArchiveHeader.bytes
    private var offset = 0

    /// Opens a session's archive.
    ///
    /// Throws `damaged`, `newerVersion` or `io`.
    package init(_ id: SessionID, in storage: any Storage) throws(JournalFault) {
        let path = Archives.path(id)
        file = try storage.open(path, for: .read)
        header = try Archives.header(of: id, in: file)
        let bytes = try file.byteCount()
        guard bytes == header.fileBytes else {
            let why = "\(bytes) bytes long; its header says \(header.fileBytes)"
            throw .damaged(Damage(file: path, offset: 0, sequence: 0, why: why))
        }
        self.path = path
        seed = header.identity.seed
        chain = seed
    }

    /// The next entry; nil at the end.
    ///
    /// Throws `damaged`, `newerVersion` or `io`.
    package mutating func next() throws(JournalFault) -> SessionEntry? {
        while let record = try nextRecord() {
            do throws(SpellingFault) {
                guard case .session(let entry)? = try decoder.entry(of: record) else { continue }
                return entry
            } catch {
                throw error.fault(of: record, in: path)
            }
        }
        return nil
    }

    /// The next record; nil at the end.
    mutating func nextRecord() throws(JournalFault) -> JournalRecord? {
        let place = start + offset
        guard place < header.fileBytes else {
            guard records == header.records, sequence == header.last else {
                throw damage("it holds \(records) records up to \(sequence); its header says otherwise")
            }
            return nil
        }
        try fill()
        let found = try look()
        let payload = offset + RecordHeader.bytes
        offset += found.extent
        chain = found.check
        sequence = found.sequence
        records += 1
        return JournalRecord(
            sequence: found.sequence,
            kind: found.kind,
            version: found.version,
            session: found.session,
            continues: found.continues,
            payload: Array(buffer[payload..<payload + found.length])
        )
    }

    private func look() throws(JournalFault) -> RecordHeader {
        let image = buffer.span.bytes
        guard let found = RecordHeader(image, at: offset, seed: seed) else {
            throw damage("the record's header is not what was written")
        }
        guard found.previous == chain else { throw damage("the record does not follow the one before it") }
        guard found.payloadIsIntact(image, at: offset) else { throw damage("the payload's check is wrong") }
        guard found.session == header.identity.number,
            records == 0 ? found.sequence == header.first : found.sequence > sequence
        else { throw damage("record \(found.sequence) does not belong there") }
        return found
    }

    /// Sees to it that the next record is in the buffer, if it is in the file: an archive may be longer than memory.
    private mutating func fill() throws(JournalFault) {
        guard buffer.count - offset < JournalLimits.recordBytes, start + buffer.count < header.fileBytes
        else {
            return
        }
        let more = try file.readAll(2 * JournalLimits.recordBytes, at: start + buffer.count)
        buffer.removeFirst(offset)
        start += offset
        offset = 0
        buffer += more
    }

    private func damage(_ why: String) -> JournalFault {
        .damaged(Damage(file: path, offset: start + offset, sequence: sequence, why: why))
    }
}
