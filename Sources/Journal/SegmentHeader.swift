/// What stands at the start of a segment: 64 bytes in a block of 4,096 of their own, so that no write of a record
/// ever touches the sector of the header.
///
/// In every version of the format the magic, the version and the check keep their places.
struct SegmentHeader: Equatable {
    static let bytes = 64
    /// Version 2 is written by `SegmentRewriting` alone.
    static let currentVersion = 2
    private static let magic: UInt64 = 0x4D47_4553_594E_4C50  // "PLNYSEGM"
    private static let toldOffset = 52
    private static let checkOffset = 60

    /// The mode of the writer that made the segment.
    var mode: UInt8
    /// The number of the first record in it.
    var first: UInt64
    /// The term of the writer that made it.
    var term: UInt64
    /// Milliseconds since 1970.
    var created: Int64
    /// The length of the file.
    var segmentBytes: Int
    /// The check of the record before the first one, in the segment before; 0 in the very first segment. (A segment
    /// without any record is never followed: the next writer replaces it.)
    var chain: UInt32
    /// In a segment that was rewritten the check of its last record as it was before: the next segment was linked to
    /// that one.
    var told: UInt32?

    /// The header's bytes.
    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: Self.magic)
        bytes.append(littleEndian: UInt16(told == nil ? 1 : 2))
        bytes.append(mode)
        bytes.append(contentsOf: repeatElement(0, count: 5))
        bytes.append(littleEndian: first)
        bytes.append(littleEndian: term)
        bytes.append(littleEndian: created)
        bytes.append(littleEndian: UInt64(segmentBytes))
        bytes.append(littleEndian: chain)
        bytes.append(littleEndian: told ?? 0)
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: Checksum.crc32c(bytes.span.bytes))
        return bytes
    }

    /// The check, with which the checks of this segment's records begin.
    static func seed(of image: RawSpan) -> UInt32 {
        image.number(at: checkOffset, as: UInt32.self)
    }

    /// Reads the header of a segment's file.
    ///
    /// The header was synced before the file got its name, so that a bad one is always damage.
    init(_ image: RawSpan, file: String) throws(JournalFault) {
        func damage(_ why: String) -> JournalFault {
            .damaged(Damage(file: file, offset: 0, sequence: 0, why: why))
        }
        guard image.byteCount >= Self.bytes else { throw damage("shorter than a segment's header") }
        guard image.number(at: 0, as: UInt64.self) == Self.magic else {
            throw damage("not a journal segment")
        }
        guard Self.seed(of: image) == Checksum.crc32c(image.extracting(0..<Self.checkOffset)) else {
            throw damage("the header's check is wrong")
        }
        let version = Int(image.number(at: 8, as: UInt16.self))
        guard (1...Self.currentVersion).contains(version) else {
            if version < 1 {
                throw damage("no version \(version) of the format was ever written")
            }
            throw .newerVersion(file: file, found: version, known: Self.currentVersion)
        }
        mode = image.number(at: 10, as: UInt8.self)
        first = image.number(at: 16, as: UInt64.self)
        term = image.number(at: 24, as: UInt64.self)
        created = image.number(at: 32, as: Int64.self)
        segmentBytes = Int(clamping: image.number(at: 40, as: UInt64.self))
        chain = image.number(at: 48, as: UInt32.self)
        told = version < 2 ? nil : image.number(at: Self.toldOffset, as: UInt32.self)
    }

    /// Whether the next segment follows this one, whose last record has the check `last`.
    func isFollowed(by next: SegmentHeader, last: UInt32) -> Bool {
        next.chain == last || next.chain == told
    }

    /// A header to be written.
    init(mode: SyncMode, first: UInt64, term: UInt64, created: Int64, segmentBytes: Int, chain: UInt32) {
        self.mode = mode.code
        self.first = first
        self.term = term
        self.created = created
        self.segmentBytes = segmentBytes
        self.chain = chain
    }
}
