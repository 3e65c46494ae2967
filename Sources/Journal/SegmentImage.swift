import Glibc

/// A segment read into memory: at most 64 MiB as written by us, at a start and when sessions are archived.
struct SegmentImage {
    /// Longer files are no segments; a reader must not be made to ask for any amount of memory.
    private static let limitBytes = 1 << 30

    let name: Segments.Name
    let header: SegmentHeader
    /// With what the checks of its records begin.
    let seed: UInt32
    let bytes: [UInt8]

    /// Reads a segment and checks its header.
    init(_ name: Segments.Name, from storage: any Storage) throws(JournalFault) {
        let path = name.path
        func damage(_ why: String) -> JournalFault {
            .damaged(Damage(file: path, offset: 0, sequence: name.first, why: why))
        }
        guard let bytes = try storage.contents(of: path, limit: Self.limitBytes) else {
            throw damage("longer than any segment")
        }
        let header = try SegmentHeader(bytes.span.bytes, file: path)
        guard header.first == name.first else { throw damage("its header belongs to record \(header.first)") }
        guard header.segmentBytes == bytes.count, bytes.count >= JournalLimits.headerBlockBytes else {
            // The length was synced before the file got its name: no crash shortens it.
            throw damage("\(bytes.count) bytes long; its header says \(header.segmentBytes)")
        }
        self.name = name
        self.header = header
        self.bytes = bytes
        seed = SegmentHeader.seed(of: bytes.span.bytes)
    }

    /// Whether another look at the same segment shows the same bytes from `offset` on.
    func shows(_ other: SegmentImage, from offset: Int) -> Bool {
        guard bytes.count == other.bytes.count else { return false }
        return bytes.withUnsafeBytes { mine in
            other.bytes.withUnsafeBytes { theirs in
                guard let mine = mine.baseAddress, let theirs = theirs.baseAddress else { return true }
                return memcmp(mine + offset, theirs + offset, bytes.count - offset) == 0
            }
        }
    }

    /// Where reading stands.
    struct Place: Equatable {
        var offset: Int
        /// The number of the record there.
        var expected: UInt64
        /// The check of the record before.
        var chain: UInt32
    }

    /// Where the first record stands.
    var start: Place {
        Place(offset: JournalLimits.headerBlockBytes, expected: header.first, chain: seed)
    }

    /// What stands at a place.
    enum Finding {
        case record(RecordHeader)
        case stop(TailJudgement.Stop)
    }

    /// Looks at the record at `place`.
    func look(at place: Place) -> Finding {
        let image = bytes.span.bytes
        guard place.offset + RecordHeader.extent(payload: 0) <= bytes.count else { return .stop(.nothing) }
        guard let header = RecordHeader(image, at: place.offset, seed: seed) else {
            let there = image.extracting(place.offset..<place.offset + RecordHeader.bytes)
            return .stop(there.isZero ? .nothing : .noHeader)
        }
        if header.sequence != place.expected {
            return .stop(.stranger(why: "record \(header.sequence) stands where \(place.expected) belongs"))
        }
        if header.previous != place.chain {
            return .stop(.stranger(why: "the record does not follow the one before it"))
        }
        guard header.payloadIsIntact(image, at: place.offset) else {
            return .stop(.badPayload(extent: header.extent))
        }
        return .record(header)
    }

    /// The record whose header was found at `place`.
    func record(_ header: RecordHeader, at place: Place) -> JournalRecord {
        let start = place.offset + RecordHeader.bytes
        return JournalRecord(
            sequence: header.sequence,
            kind: header.kind,
            version: header.version,
            session: header.session,
            continues: header.continues,
            payload: Array(bytes[start..<start + header.length])
        )
    }
}
