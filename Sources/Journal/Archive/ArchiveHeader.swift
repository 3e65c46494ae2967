package import Sessions

/// What stands at the start of an archive: 104 bytes that say whose it is, then 56 that say what it holds.
///
/// In every version of the format the magic, the version and the first check keep their places.
package struct ArchiveHeader: Equatable, Sendable {
    package var identity: ArchiveIdentity
    /// The journal's numbers of the session's first and last record.
    package var first: UInt64
    package var last: UInt64
    package var records: Int
    /// The length of the file.
    package var fileBytes: Int
    /// Of the state just before the session was archived, words left out; comparable within `encoding`.
    package var stateHash: UInt64
    /// The version of the state's encoding.
    package var encoding: UInt16
    /// All that people wrote in the session was forgotten.
    package var isWordless = false
    /// When the session ended; nil in an archive of an older server, which does not say.
    package var endedAt: Milliseconds?

    static let bytes = 160
    private static let summaryOffset = ArchiveIdentity.bytes
    private static let wordlessOffset = 146
    private static let endedAtOffset = 148
    private static let checkOffset = 156

    init(
        identity: ArchiveIdentity,
        first: UInt64,
        last: UInt64,
        records: Int,
        fileBytes: Int,
        stateHash: UInt64,
        encoding: UInt16,
        isWordless: Bool,
        endedAt: Milliseconds?
    ) {
        self.identity = identity
        self.first = first
        self.last = last
        self.records = records
        self.fileBytes = fileBytes
        self.stateHash = stateHash
        self.encoding = encoding
        self.isWordless = isWordless
        self.endedAt = endedAt
    }

    /// The header's bytes.
    func encoded() -> [UInt8] {
        var bytes = identity.encoded()
        bytes.append(littleEndian: first)
        bytes.append(littleEndian: last)
        bytes.append(littleEndian: UInt64(records))
        bytes.append(littleEndian: UInt64(fileBytes))
        bytes.append(littleEndian: stateHash)
        bytes.append(littleEndian: encoding)
        bytes.append(isWordless ? 1 : 0)
        bytes.append(0)
        bytes.append(littleEndian: endedAt ?? 0)
        bytes.append(littleEndian: Checksum.crc32c(bytes.span.bytes))
        return bytes
    }

    /// Reads the header of an archive's file.
    ///
    /// It was synced with the records before the file got its name, so that a bad one is always damage.
    init(_ image: RawSpan, file: String) throws(JournalFault) {
        func damage(_ why: String) -> JournalFault {
            .damaged(Damage(file: file, offset: 0, sequence: 0, why: why))
        }
        guard image.byteCount >= Self.bytes else { throw damage("shorter than an archive's header") }
        identity = try ArchiveIdentity(image, file: file)
        guard
            image.number(at: Self.checkOffset, as: UInt32.self)
                == Checksum.crc32c(image.extracting(0..<Self.checkOffset))
        else { throw damage("the header's check is wrong") }
        first = image.number(at: Self.summaryOffset, as: UInt64.self)
        last = image.number(at: Self.summaryOffset + 8, as: UInt64.self)
        records = Int(clamping: image.number(at: Self.summaryOffset + 16, as: UInt64.self))
        fileBytes = Int(clamping: image.number(at: Self.summaryOffset + 24, as: UInt64.self))
        stateHash = image.number(at: Self.summaryOffset + 32, as: UInt64.self)
        encoding = image.number(at: Self.summaryOffset + 40, as: UInt16.self)
        isWordless = image.number(at: Self.wordlessOffset, as: UInt8.self) == 1
        let ended = image.number(at: Self.endedAtOffset, as: Milliseconds.self)
        endedAt = ended > 0 ? ended : nil
    }
}

/// Whose archive it is.
///
/// The epoch, drawn at random when the session was made, tells it from one of the same name in another journal.
package struct ArchiveIdentity: Hashable, Sendable {
    package var number: SessionNumber
    package var id: SessionID
    /// The one that the session began with.
    package var epoch: Epoch

    static let bytes = 104
    private static let currentVersion = 1
    private static let magic: UInt64 = 0x4843_5241_594E_4C50  // "PLNYARCH"
    private static let checkOffset = 100
    private static let idBytes = 64

    init(number: SessionNumber, id: SessionID, epoch: Epoch) {
        self.number = number
        self.id = id
        self.epoch = epoch
    }

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: Self.magic)
        bytes.append(littleEndian: UInt16(Self.currentVersion))
        bytes.append(contentsOf: repeatElement(0, count: 6))
        bytes.append(littleEndian: number)
        bytes.append(littleEndian: epoch.bits)
        bytes.append(UInt8(id.text.utf8.count))
        bytes.append(contentsOf: id.text.utf8)
        bytes.append(contentsOf: repeatElement(0, count: Self.checkOffset - bytes.count))
        bytes.append(littleEndian: Checksum.crc32c(bytes.span.bytes))
        return bytes
    }

    /// The check, with which the checks of the archive's records begin.
    var seed: UInt32 {
        encoded().span.bytes.number(at: Self.checkOffset, as: UInt32.self)
    }

    fileprivate init(_ image: RawSpan, file: String) throws(JournalFault) {
        func damage(_ why: String) -> JournalFault {
            .damaged(Damage(file: file, offset: 0, sequence: 0, why: why))
        }
        guard image.number(at: 0, as: UInt64.self) == Self.magic else { throw damage("not an archive") }
        guard
            image.number(at: Self.checkOffset, as: UInt32.self)
                == Checksum.crc32c(image.extracting(0..<Self.checkOffset))
        else { throw damage("the header's check is wrong") }
        let version = Int(image.number(at: 8, as: UInt16.self))
        guard version == Self.currentVersion else {
            if version < Self.currentVersion {
                throw damage("no version \(version) of the format was ever written")
            }
            throw .newerVersion(file: file, found: version, known: Self.currentVersion)
        }
        number = image.number(at: 16, as: UInt64.self)
        epoch = Epoch(bits: image.number(at: 24, as: UInt64.self))
        let length = Int(image.number(at: 32, as: UInt8.self))
        let text = image.extracting(33..<33 + min(length, Self.idBytes)).withUnsafeBytes { Array($0) }
        guard length <= Self.idBytes, let id = SessionID(text), number > 0 else {
            throw damage("its header names no session")
        }
        self.id = id
    }
}
