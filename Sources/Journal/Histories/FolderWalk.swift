import Sessions

/// What is made of a session's entries.
protocol SessionAccount {
    /// Begins with the session's creation; nil when the entry is none. `header` is the archive's, if it comes from one.
    init?(_ entry: SessionEntry, _ header: ArchiveHeader?)
    /// Takes each entry of the session, the first one too.
    mutating func take(_ entry: SessionEntry) throws(SpellingFault)
}

/// Makes an account of each session of a folder, from its archive or from the segments.
///
/// Beside a running server archives come and segments go. Archives are read first; what they have is passed over in the
/// segments. When a segment has gone underneath, that is because all its sessions have got archives: these are read, and
/// the segments once more.
struct FolderWalk<Account: SessionAccount> {
    /// The archives that cannot be read.
    private(set) var bad: [SessionHistories.BadArchive] = []

    private let storage: any Storage
    private var seen: Set<SessionID> = []
    /// The sessions that are finished with: read again from the segments they would be there twice.
    private var done: Set<SessionNumber> = []
    private var accounts: [SessionNumber: Account] = [:]
    /// Sessions whose beginning was not found, and one of their records.
    private var headless: [SessionNumber: UInt64] = [:]

    init(_ storage: any Storage) {
        self.storage = storage
    }

    /// Reads everything, and hands out the account of each session when there is nothing more to come.
    ///
    /// Throws `damaged`, `newerVersion` or `io` of the segments, and what `finish` throws.
    mutating func read(_ finish: (Account) throws(JournalFault) -> Void) throws(JournalFault) {
        try retryingWhenMissing { () throws(JournalFault) in
            accounts = [:]
            headless = [:]
            try readArchives(finish)
            try readSegments(finish)
            // An archive that has come meanwhile explains records whose beginning is gone.
            if !headless.isEmpty { try readArchives(finish) }
        }
        for number in accounts.keys.sorted() {
            if let account = accounts[number] { try finish(account) }
        }
        // A bad archive may not even tell whose it is.
        guard let (number, sequence) = headless.min(by: { $0.key < $1.key }), bad.isEmpty else { return }
        let why = "the beginning of session \(number) is neither in the journal nor in an archive"
        throw .damaged(Damage(file: "journal", offset: 0, sequence: sequence, why: why))
    }

    private mutating func readArchives(
        _ finish: (Account) throws(JournalFault) -> Void
    ) throws(JournalFault) {
        for id in try Archives.list(storage) where !seen.contains(id) {
            do throws(JournalFault) {
                guard let reader = try ArchiveReader(ifPresent: id, in: storage) else { continue }
                let number = reader.header.identity.number
                if !done.contains(number) {
                    let account = try self.account(reader)
                    done.insert(number)
                    headless[number] = nil
                    if let account { try finish(account) }
                }
            } catch {
                if case .io = error { throw error }
                bad.append(SessionHistories.BadArchive(id: id, fault: error))
            }
            seen.insert(id)
        }
    }

    private mutating func forget(_ number: SessionNumber) {
        done.insert(number)
        accounts[number] = nil
        headless[number] = nil
    }

    private func account(_ opened: ArchiveReader) throws(JournalFault) -> Account? {
        var reader = opened
        var account: Account?
        while let entry = try reader.next() {
            do throws(SpellingFault) {
                if account == nil { account = Account(entry, reader.header) }
                try account?.take(entry)
            } catch {
                let file = Archives.path(reader.header.identity.id)
                let why = error.description
                throw .damaged(Damage(file: file, offset: 0, sequence: reader.sequence, why: why))
            }
        }
        return account
    }

    private mutating func readSegments(
        _ finish: (Account) throws(JournalFault) -> Void
    ) throws(JournalFault) {
        var decoder = EntryDecoder()
        var reader = try JournalReader(beside: storage)
        while let record = try reader.next() {
            let number = record.session
            // What is left of a session that is being erased from the segments is nobody's; its archive, if it has
            // one, was read before.
            if record.kind == RecordKind.blank.rawValue, number > 0 { forget(number) }
            guard number > 0, !done.contains(number), let entry = try decoder.sessionEntry(of: record) else {
                continue
            }
            if accounts[number] == nil { accounts[number] = Account(entry, nil) }
            guard accounts[number] != nil else {
                // A server of the past may have let the beginning of a session go that it was erasing.
                if case .sessionErased = entry.event {
                    forget(number)
                } else {
                    headless[number] = record.sequence
                }
                continue
            }
            do throws(SpellingFault) {
                try accounts[number]?.take(entry)
            } catch {
                throw error.fault(of: record)
            }
            // One that was erased is on the disk only until the segments are cleared of it.
            if case .sessionErased = entry.event { forget(number) }
            guard case .archived = entry.event else { continue }
            done.insert(number)
            if let account = accounts.removeValue(forKey: number) { try finish(account) }
        }
    }
}

/// Does something again when a running server has removed a file underneath.
func retryingWhenMissing(_ body: () throws(JournalFault) -> Void) throws(JournalFault) {
    var retriesLeft = 8
    while true {
        do throws(JournalFault) {
            return try body()
        } catch {
            guard error.isMissing, retriesLeft > 0 else { throw error }
            retriesLeft -= 1
        }
    }
}
