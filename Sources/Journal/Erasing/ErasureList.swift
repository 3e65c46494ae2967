package import Sessions

/// Who and what was erased from a folder, a line each; of a person the pseudonym and a digest.
///
/// A copy of the folder still has whoever was erased after it was made. What is in this list and not in the copy's own
/// is to be erased there again, before anybody starts a server on it. Nobody can read from the list who was erased; who
/// guesses an id can find out whether it was that one.
///
/// An entry is written when the journal has the erasure, or when an archived session has left the segments, and before
/// the operator is answered. So what stands in the list of a folder at some moment is, in a copy begun at that moment,
/// done, or begun and finished by the start; but for an archive that is about to be removed, which `Backup` leaves out.
///
/// The file is replaced as a whole: beside, synced, renamed, and the folder synced. See `Protocol/journal.md`.
package struct ErasureList: Equatable, Sendable {
    /// In the order in which they were made.
    package private(set) var entries: [Entry] = []
    private var keys: Set<Key> = []

    /// One erasure.
    package struct Entry: Equatable, Sendable {
        package var subject: Subject
        package var at: Milliseconds

        /// A session or a person that was erased at that time.
        package init(_ subject: Subject, at: Milliseconds) {
            self.subject = subject
            self.at = at
        }
    }

    /// Who or what was erased.
    package enum Subject: Equatable, Sendable {
        /// The pseudonym that has taken the place of the id, and the digest of both.
        case person(pseudonym: PersonID, digest: [UInt8])
        /// The epoch is the one that the session began with; nil: its archive could not be read.
        case session(SessionID, Epoch?)

        /// A person whose id this pseudonym has taken the place of.
        package static func person(_ person: PersonID, as pseudonym: PersonID) -> Subject {
            let text = Array(pseudonym.text.utf8) + [0] + Array(person.text.utf8)
            return .person(pseudonym: pseudonym, digest: SHA256.digest(text))
        }

        fileprivate var key: Key {
            switch self {
            case .person(let pseudonym, _): .person(pseudonym)
            case .session(let id, let epoch): .session(id, epoch)
            }
        }
    }

    fileprivate enum Key: Hashable {
        case person(PersonID)
        case session(SessionID, Epoch?)
    }

    /// An empty list.
    package init() {}

    /// Adds an erasure, if it is not there yet.
    package mutating func add(_ entry: Entry) {
        if keys.insert(entry.subject.key).inserted { entries.append(entry) }
    }

    /// Whether there is this erasure: of persons the same pseudonym, which no two have.
    package func has(_ subject: Subject) -> Bool { keys.contains(subject.key) }

    /// Whether this session was erased.
    package func hasSession(_ identity: ArchiveIdentity) -> Bool {
        has(.session(identity.id, identity.epoch)) || has(.session(identity.id, nil))
    }
}

// MARK: - In the folder

extension ErasureList {
    /// The list's file.
    package static let file = "erasures"
    private static let unfinished = "erasures.part"
    private static let limitBytes = 64 << 20

    /// Reads a folder's list; an empty one when nothing was erased yet.
    ///
    /// Throws `damaged`, `newerVersion` or `io`.
    package static func read(_ storage: any Storage) throws(JournalFault) -> ErasureList {
        do throws(JournalFault) {
            guard let bytes = try storage.contents(of: file, limit: limitBytes) else {
                throw damage("longer than any list of erasures", file: file, at: 0)
            }
            return try ErasureList(bytes, file: file)
        } catch  where error.isMissing {
            return ErasureList()
        }
    }

    /// Adds erasures to a folder's list and makes them durable; nothing is written when they are there already.
    ///
    /// Throws what reading throws.
    package static func note(_ entries: [Entry], in storage: any Storage) throws(JournalFault) {
        guard !entries.isEmpty else { return }
        var list = try read(storage)
        let before = list.entries.count
        for entry in entries { list.add(entry) }
        if list.entries.count > before { try list.write(to: storage) }
    }

    private func write(to storage: any Storage) throws(JournalFault) {
        try storage.removeIfPresent(Self.unfinished)
        do throws(JournalFault) {
            let file = try storage.open(Self.unfinished, for: .create)
            try file.writeAll(encoded().span.bytes, at: 0)
            try file.syncAll()
        } catch {
            try? storage.removeIfPresent(Self.unfinished)
            throw error
        }
        try storage.rename(Self.unfinished, to: Self.file)
        try storage.syncDirectory("")
    }
}

// MARK: - Lines

extension ErasureList {
    private static let title = "plenary erasures "
    private static let version = 1

    /// The file's bytes.
    package func encoded() -> [UInt8] {
        Array("\(Self.title)\(Self.version)\n".utf8) + entries.flatMap { Self.line(of: $0) }
    }

    private static func line(of entry: Entry) -> [UInt8] {
        let text =
            switch entry.subject {
            case .person(let pseudonym, let digest):
                "person \(pseudonym.text) \(entry.at) \(digest.map { hex(UInt64($0), 2) }.joined())"
            case .session(let id, let epoch): "session \(id.text) \(entry.at) \(hex(epoch?.bits ?? 0, 16))"
            }
        return Array("\(text) \(check(text))\n".utf8)
    }

    private static func check(_ text: some StringProtocol) -> String {
        hex(UInt64(Checksum.crc32c(Array(text.utf8).span.bytes)), 8)
    }

    private static func hex(_ number: UInt64, _ digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }

    /// Reads a list from a file's bytes; `file` names it in faults.
    ///
    /// Throws `damaged` or `newerVersion`.
    package init(_ bytes: [UInt8], file: String) throws(JournalFault) {
        var offset = 0
        while offset < bytes.count {
            guard let end = bytes[offset...].firstIndex(of: 0x0A) else {
                throw Self.damage("the last line does not end", file: file, at: offset)
            }
            let line = String(decoding: bytes[offset..<end], as: UTF8.self)
            if offset == 0 {
                try Self.checkTitle(line, file: file)
            } else if let entry = Self.entry(in: line) {
                add(entry)
            } else {
                throw Self.damage("the line is not what was written", file: file, at: offset)
            }
            offset = end + 1
        }
        guard offset > 0 else { throw Self.damage("it is empty", file: file, at: 0) }
    }

    private static func checkTitle(_ line: String, file: String) throws(JournalFault) {
        guard line.hasPrefix(title), let found = Int(line.dropFirst(title.count)), found > 0 else {
            throw damage("not a list of erasures", file: file, at: 0)
        }
        guard found == version else { throw .newerVersion(file: file, found: found, known: version) }
    }

    private static func entry(in line: String) -> Entry? {
        let fields = line.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 5, check(fields[0..<4].joined(separator: " ")) == fields[4],
            let at = Milliseconds(fields[2])
        else { return nil }
        switch fields[0] {
        case "person":
            let digits = Array(fields[3].utf8)
            let digest = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
            }
            guard let pseudonym = PersonID(fields[1].utf8), digits.count == 64, digest.count == 32 else {
                return nil
            }
            return Entry(.person(pseudonym: pseudonym, digest: digest), at: at)
        case "session":
            guard let id = SessionID(fields[1].utf8), let epoch = UInt64(fields[3], radix: 16) else {
                return nil
            }
            return Entry(.session(id, epoch == 0 ? nil : Epoch(bits: epoch)), at: at)
        default: return nil
        }
    }

    private static func damage(_ why: String, file: String, at offset: Int) -> JournalFault {
        .damaged(Damage(file: file, offset: offset, sequence: 0, why: why))
    }
}
