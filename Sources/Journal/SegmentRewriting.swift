/// Writes a segment anew with other records of the same numbers, so that what they held is on the disk no more.
///
/// **Why one segment at a time will do.** A record's check begins with its segment's, and the chain runs on into the
/// next segment, whose header tells the check of the record before. Writing a segment anew changes all of its checks,
/// and the next one's header would have to change at the same moment. So the new header (version 2) tells the check
/// that the last record had before; the next segment keeps its link to that one, and either side may be written anew,
/// once or often, while the other stays as it is.
///
///     <n>.log  ──read──▶  <n>.log.part  ──sync──▶  rename  ──▶  folder synced
///
/// A crash leaves the old segment or the new one. Whoever has the old one open reads on in it. Behind the last record
/// nothing is left: a torn tail that a restart has left behind goes too. The file ends there, up to the next block;
/// nobody writes to it again.
///
/// The last segment is never written anew: somebody writes to it, and how it ends tells what a crash has taken.
enum SegmentRewriting {
    /// The first numbers of the segments that have a successor, each with its successor's, in order.
    ///
    /// Makes their names durable first: what has a successor now must have one after a power cut.
    static func sealed(
        in storage: any Storage
    ) throws(JournalFault) -> [(name: Segments.Name, next: Segments.Name)] {
        try storage.syncDirectory(Segments.folder)
        let names = try Segments.list(storage)
        return zip(names, names.dropFirst()).map { (name: $0, next: $1) }
    }

    /// Writes the segment anew if `change` changes any of its records, or if there is something behind the last.
    ///
    /// `change` may give a record another kind, version and payload; all else stays. It is asked twice, so that of a
    /// segment no more than two images are in memory. `next` is the segment behind this one. Answers the number of
    /// records that were changed; nil when the segment is left as it is. Throws `damaged` when the segment is,
    /// `tooLarge`, or `io`; then it is left as it is, too.
    static func rewrite(
        _ name: Segments.Name,
        before next: Segments.Name,
        in storage: any Storage,
        _ change: (JournalRecord) throws(JournalFault) -> JournalRecord
    ) throws(JournalFault) -> Int? {
        func remaining(of record: JournalRecord) throws(JournalFault) -> JournalRecord {
            // The journal's own marks say nothing of anybody.
            record.kind == Mark.kind ? record : try change(record)
        }
        let image = try SegmentImage(name, from: storage)
        var changed = 0
        var length = JournalLimits.headerBlockBytes
        let end = try read(image, before: next) { record throws(JournalFault) in
            let remaining = try remaining(of: record)
            if remaining != record { changed += 1 }
            guard remaining.payload.count <= JournalLimits.payloadBytes else {
                let limit = JournalLimits.payloadBytes
                throw .tooLarge(what: "a record", bytes: remaining.payload.count, limit: limit)
            }
            length += RecordHeader.extent(payload: remaining.payload.count)
        }
        let rest = image.bytes.span.bytes.extracting(end.offset..<image.bytes.count)
        guard changed > 0 || !rest.isZero else { return nil }
        var header = image.header
        header.told = header.told ?? end.chain
        let block = JournalLimits.headerBlockBytes
        header.segmentBytes = (length + block - 1) / block * block
        var written = Writing(header, before: next)
        _ = try read(image, before: next) { record throws(JournalFault) in
            written.append(try remaining(of: record), in: record)
        }
        try replace(name, with: written.wholeBytes(), in: storage)
        return changed
    }

    /// Reads the records up to the next segment's first; answers the place behind them.
    private static func read(
        _ image: SegmentImage,
        before next: Segments.Name,
        _ visit: (JournalRecord) throws(JournalFault) -> Void
    ) throws(JournalFault) -> SegmentImage.Place {
        var here = image.start
        while here.expected < next.first {
            switch image.look(at: here) {
            case .record(let header):
                try visit(image.record(header, at: here))
                here.offset += header.extent
                here.expected += 1
                here.chain = header.check
            case .stop(let stop):
                let place = (file: image.name.path, offset: here.offset)
                throw .damaged(
                    Damage(file: place.file, offset: place.offset, sequence: here.expected, why: stop.why)
                )
            }
        }
        return here
    }

    /// A segment's bytes in the making: its header in a block, the records, zeroes up to the end of the last block.
    private struct Writing {
        private let header: SegmentHeader
        private let seed: UInt32
        private var chain: UInt32
        private var bytes: [UInt8] = []

        /// `header` tells the length that the whole is going to have.
        init(_ header: SegmentHeader, before next: Segments.Name) {
            self.header = header
            let encoded = header.encoded()
            seed = SegmentHeader.seed(of: encoded.span.bytes)
            chain = seed
            bytes.reserveCapacity(header.segmentBytes)
            bytes += encoded
            bytes += [UInt8](repeating: 0, count: SegmentSeal.offset - bytes.count)
            bytes += SegmentSeal.encoded(next: next.first, seed: seed)
            bytes += [UInt8](repeating: 0, count: JournalLimits.headerBlockBytes - bytes.count)
        }

        /// Appends what is left of a record.
        mutating func append(_ remaining: JournalRecord, in record: JournalRecord) {
            let left = NewRecord(
                kind: remaining.kind,
                version: remaining.version,
                session: record.session,
                payload: remaining.payload,
                continues: record.continues
            )
            chain = RecordHeader.append(
                left,
                sequence: record.sequence,
                // Whatever has a successor was synced before.
                syncedThrough: record.sequence - 1,
                previous: chain,
                seed: seed,
                to: &bytes
            )
        }

        mutating func wholeBytes() -> [UInt8] {
            bytes += [UInt8](repeating: 0, count: header.segmentBytes - bytes.count)
            return bytes
        }
    }

    private static func replace(
        _ name: Segments.Name,
        with bytes: [UInt8],
        in storage: any Storage
    ) throws(JournalFault) {
        try storage.removeIfPresent(name.unfinishedPath)
        do throws(JournalFault) {
            let file = try storage.open(name.unfinishedPath, for: .create)
            try file.writeAll(bytes.span.bytes, at: 0)
            try file.syncAll()
        } catch {
            // Perhaps there is no room; then half a segment should not take any.
            try? storage.removeIfPresent(name.unfinishedPath)
            throw error
        }
        try storage.rename(name.unfinishedPath, to: name.path)
        try storage.syncDirectory(Segments.folder)
    }
}
