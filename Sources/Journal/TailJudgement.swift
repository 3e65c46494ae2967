/// Tells a torn tail from damage.
///
/// **What a crash can do.** Only the last segment has anything unsynced: a writer syncs a segment before it makes the
/// next. In it, records are only appended, to sectors full of zeroes. A crash of the process leaves a prefix of the
/// last write, cut at any byte. A crash of the machine leaves of each unsynced sector what stood there before (zeroes,
/// behind the end of the write before), or what was written, or, when a write was cut short or continued by the next,
/// what stood there in between: a prefix of it and then zeroes. It does so for each sector by itself, so that later
/// records may be there and earlier ones not. What was synced stays.
///
/// **The question.** Reading stops at the first record that is not there or not right: expected number s, at byte x.
/// If s was never synced, all from x on was never announced, and is cut off. If it was, something is lost that people
/// have seen, and nobody may go on without being told. Two findings answer it.
///
/// 1. *Somebody knew that s was synced.* Every record says up to which number the journal was known to be synced when
///    it was written, and a checkpoint is written only when the journal is synced up to the number that it covers. So
///    a header anywhere behind x whose own check is right and that knew of s, or a checkpoint of s or later, proves
///    damage. That finds every bad record but those of the last batch.
/// 2. *Nothing is missing.* A crash cannot change a byte, it can only leave zeroes: up to the end of a sector, or from
///    some byte to the end. A record that a crash tore therefore has, in the sector where it was torn, a zero as its
///    last byte: there, or at its own end, which is written as `FF`; and when it is the header that was torn, nothing
///    but zeroes from there to the sector's end. A bad record without any such zero is damaged,
///    even in the last batch. (A record may have a zero there by itself; then a damaged last batch passes for torn,
///    and is reported as cut off.)
///
/// Sectors are taken as 512 bytes, the smallest there are; a disk with bigger ones tears along some of these bounds.
enum TailJudgement: Equatable {
    /// Never synced: what is there, if anything, counts for nothing.
    case unfinished
    case damaged(why: String)

    static let sectorBytes = 512

    /// What reading found at the place where it stopped.
    enum Stop: Equatable {
        /// No header there: zeroes, or the end of the segment.
        case nothing
        /// Bytes that are no header.
        case noHeader
        /// A right header, but not the one that belongs here.
        case stranger(why: String)
        /// The right header, and a payload that is not what was written.
        case badPayload(extent: Int)

        var why: String {
            switch self {
            case .nothing: "there is no record, but later ones knew that it was synced"
            case .noHeader: "the record's header is not what was written"
            case .stranger(let why): why
            case .badPayload: "the payload's check is wrong"
            }
        }
    }

    /// Judges the end of the last segment: `stop` was found at `offset`, where record `sequence` was expected;
    /// `checkpointed` is the highest number that a checkpoint covers.
    init(
        _ stop: Stop,
        in image: RawSpan,
        at offset: Int,
        expecting sequence: UInt64,
        seed: UInt32,
        checkpointed: UInt64
    ) {
        if checkpointed >= sequence {
            let what = stop == .nothing ? "there is no record" : stop.why
            self = .damaged(why: "\(what), and a checkpoint covers up to record \(checkpointed)")
            return
        }
        let last = image.extracting(offset..<image.byteCount).lastNonzero.map { offset + $0 }
        guard let last else {
            self = .unfinished
            return
        }
        if Self.isKnownSynced(sequence, in: image, from: offset, through: last, seed: seed) {
            self = .damaged(why: stop.why)
            return
        }
        let tornAway =
            switch stop {
            case .nothing: true
            case .noHeader:
                last < offset + RecordHeader.bytes
                    || Self.isCut(image, offset..<offset + RecordHeader.bytes)
            case .stranger: false
            case .badPayload(let extent): Self.endsInZero(image, offset..<offset + extent)
            }
        self = tornAway ? .unfinished : .damaged(why: stop.why)
    }

    /// Whether a header behind `start` knew that `sequence` was synced.
    private static func isKnownSynced(
        _ sequence: UInt64,
        in image: RawSpan,
        from start: Int,
        through last: Int,
        seed: UInt32
    ) -> Bool {
        var offset = start + 8
        while offset <= last {
            if let header = RecordHeader(image, at: offset, seed: seed), header.syncedThrough >= sequence {
                return true
            }
            offset += 8
        }
        return false
    }

    /// Whether in some sector nothing stands behind some byte of `range`, up to the sector's end.
    ///
    /// Asked of headers, which end in zeroes by themselves: what follows one in its sector is never all zero.
    private static func isCut(_ image: RawSpan, _ range: Range<Int>) -> Bool {
        var start = range.lowerBound
        while start < min(range.upperBound, image.byteCount) {
            let end = min((start / sectorBytes + 1) * sectorBytes, image.byteCount)
            let cut = min(range.upperBound, end) - 1
            if image.extracting(cut..<end).lastNonzero == nil { return true }
            start = end
        }
        return false
    }

    /// Whether the part of `range` in some sector ends with a zero: at the sector's end, or at the range's own.
    private static func endsInZero(_ image: RawSpan, _ range: Range<Int>) -> Bool {
        var end = (range.lowerBound / sectorBytes + 1) * sectorBytes
        while end <= min(range.upperBound, image.byteCount) {
            if image.number(at: end - 1, as: UInt8.self) == 0 { return true }
            end += sectorBytes
        }
        return image.number(at: range.upperBound - 1, as: UInt8.self) == 0
    }
}
