/// Appends records to the journal; there is one per folder, and one thread uses it.
///
/// `append` writes a batch with one call; `sync` makes it durable with one more. Only then may anyone hear of it. A
/// write or sync that fails is final: the writer throws the same fault from then on and touches the disk no more,
/// because after a failed sync nobody knows what the disk holds, and a second sync would succeed without having
/// written anything. What was written but not synced may be found by the next recovery, or not.
package final class JournalWriter {
    /// The number of the last record appended.
    package private(set) var lastSequence: UInt64
    /// The number of the last record that is durable.
    package private(set) var syncedThrough: UInt64
    /// The writer's term, one more than the last writer's.
    package let term: UInt64
    /// When it syncs.
    package let mode: SyncMode

    private let storage: any Storage
    private let limits: JournalLimits
    private let lock: any StorageLock
    private var file: any StorageFile
    private var seed: UInt32
    /// What marks and segments say of the mode: the last writer's as long as what that one may have lost has not
    /// been dealt with, so that a crash in between does not make it forgotten that something may be.
    private var toldMode: UInt8
    private var segmentBytes: Int
    private var offset: Int
    private var chain: UInt32
    private var buffer: [UInt8] = []
    private var failure: JournalFault?
    private var unsyncedSince: Int64?
    private var spareAsked = false

    /// Goes on behind `end`: confirms what nobody had confirmed, leaves a torn tail behind, and says that it is here.
    init(
        storage: any Storage,
        limits: JournalLimits,
        lock: any StorageLock,
        after end: JournalEnd,
        mode: SyncMode,
        at now: Int64
    ) throws(JournalFault) {
        self.storage = storage
        self.limits = limits
        self.lock = lock
        self.mode = mode
        term = end.term + 1
        lastSequence = end.lastSequence
        syncedThrough = end.lastSequence
        toldMode = end.mayHaveForgotten ? end.mode : mode.code
        try Segments.removeUnfinished(in: storage)
        if let segment = end.segment {
            // The last server may have ended because a sync failed. Then the system shows these bytes as if they
            // were on the disk, and they are not, and never will be unless they are written again.
            let last = try storage.open(segment.name.path, for: .write)
            try last.writeAll(segment.unconfirmed.span.bytes, at: segment.offset - segment.unconfirmed.count)
            try last.syncAll()
            // Likewise for the segment's name.
            try storage.syncDirectory(Segments.folder)
        }
        let first: UInt64
        if let segment = end.segment, end.torn == nil {
            first = segment.header.first
            file = try storage.open(segment.name.path, for: .write)
            seed = segment.seed
            segmentBytes = segment.header.segmentBytes
            offset = segment.offset
            chain = segment.chain
        } else {
            var header = SegmentHeader(
                mode: mode,
                first: end.lastSequence + 1,
                term: term,
                created: now,
                segmentBytes: limits.segmentBytes,
                chain: end.segment?.chainForNext ?? 0
            )
            header.mode = toldMode
            first = header.first
            file = try Segments.create(header, in: storage)
            seed = SegmentHeader.seed(of: header.encoded().span.bytes)
            segmentBytes = limits.segmentBytes
            offset = JournalLimits.headerBlockBytes
            chain = seed
        }
        // Before anybody hears of what is in it: were it gone, nobody would miss it.
        try SegmentSeal.write(before: first, in: storage)
        try write(mark(.opened, at: now), at: now)
        try syncNow()
    }

    /// Syncs, and says that what the last writer may have lost has been dealt with in what was appended since.
    ///
    /// Called once, before anybody hears of anything.
    package func confirmRecovery(at now: Int64) throws(JournalFault) {
        try finally { () throws(JournalFault) in
            guard toldMode != mode.code else { return }
            // Synced before it is confirmed: a crash may keep the later of two records and not the earlier.
            try syncNow()
            toldMode = mode.code
            try write(mark(.opened, at: now), at: now)
        }
        try syncNow()
    }

    /// Writes a batch behind everything before, in order, and answers the number of its last record.
    ///
    /// A segment that is full is synced and followed by the next, between two groups. `now` is the time of a new
    /// segment. Throws `fenced` for another term than the writer's own, `tooLarge`, or `io`; all are final.
    @discardableResult
    package func append(_ batch: RecordBatch, term: UInt64, at now: Int64) throws(JournalFault) -> UInt64 {
        try finally { () throws(JournalFault) in
            guard term == self.term else { throw .fenced(term: term, current: self.term) }
            try write(batch, at: now)
            if syncedThrough < lastSequence, unsyncedSince == nil { unsyncedSince = now }
            return lastSequence
        }
    }

    /// The same for records that are kept one by one.
    @discardableResult
    package func append(_ records: [NewRecord], term: UInt64, at now: Int64) throws(JournalFault) -> UInt64 {
        try append(RecordBatch(records), term: term, at: now)
    }

    /// Makes durable what was appended, as the mode wants it: at once, when the interval is over, or not at all.
    package func sync(at now: Int64) throws(JournalFault) {
        switch mode {
        case .batch: try syncNow()
        case .interval: if let due = syncDue, due <= now { try syncNow() }
        case .off: if let failure { throw failure }
        }
    }

    /// Makes durable what was appended, whatever the mode: before a checkpoint is written.
    package func syncNow() throws(JournalFault) {
        try finally { () throws(JournalFault) in
            guard syncedThrough < lastSequence else { return }
            try file.syncAll()
            syncedThrough = lastSequence
            unsyncedSince = nil
        }
    }

    /// When `sync` is to be called even if nothing is appended; nil: no need.
    package var syncDue: Int64? {
        guard case .interval(let milliseconds) = mode, let unsyncedSince else { return nil }
        return unsyncedSince + milliseconds
    }

    /// True once in each segment, when half of it is full: time for `Segments.prepareSpare` on another thread.
    package func spareIsDue() -> Bool {
        let header = JournalLimits.headerBlockBytes
        guard !spareAsked, failure == nil, offset - header > (segmentBytes - header) / 2 else { return false }
        spareAsked = true
        return true
    }

    /// Goes on in a new segment, so that the last one can go when nobody needs it any more.
    ///
    /// Its first record is a mark: a checkpoint can then lie behind all of the last segment, though nothing happens.
    package func startSegment(at now: Int64) throws(JournalFault) {
        try finally { () throws(JournalFault) in
            try rollOver(at: now)
            try write(mark(.opened, at: now), at: now)
        }
        try syncNow()
    }

    /// Says that the journal ends in order, and syncs.
    ///
    /// Nothing can be appended afterwards.
    package func close(at now: Int64) throws(JournalFault) {
        try finally { () throws(JournalFault) in
            try write(mark(.closed, at: now), at: now)
            try file.syncAll()
            syncedThrough = lastSequence
        }
        failure = .fenced(term: term, current: term + 1)
    }

    private func mark(_ what: Mark.What, at now: Int64) -> RecordBatch {
        var mark = Mark(what, mode: mode, term: term, time: now)
        mark.mode = toldMode
        return RecordBatch([mark.record])
    }

    /// Does something, unless something has failed before; what fails now is remembered.
    private func finally<Result>(
        _ body: () throws(JournalFault) -> Result
    ) throws(JournalFault) -> Result {
        if let failure { throw failure }
        do throws(JournalFault) {
            return try body()
        } catch {
            failure = error
            throw error
        }
    }

    private func write(_ batch: RecordBatch, at now: Int64) throws(JournalFault) {
        var next = 0
        while next < batch.count {
            let end = try wholeGroups(of: batch, from: next)
            spell(batch, next..<end)
            try flush()
            if end < batch.count { try rollOver(at: now) }
            next = end
        }
    }

    /// The end of the last group that the segment has room for; `first` itself when there is room for none.
    private func wholeGroups(of batch: RecordBatch, from first: Int) throws(JournalFault) -> Int {
        var left = segmentBytes - offset
        var next = first
        while next < batch.count {
            var end = next
            var bytes = 0
            repeat {
                let payload = batch.payload(end).count
                guard payload <= JournalLimits.payloadBytes else {
                    throw .tooLarge(what: "a record", bytes: payload, limit: JournalLimits.payloadBytes)
                }
                bytes += RecordHeader.extent(payload: payload)
                end += 1
            } while end < batch.count && batch.heads[end - 1].continues
            guard bytes <= left else {
                let room = limits.segmentBytes - JournalLimits.headerBlockBytes
                guard bytes <= room else {
                    throw .tooLarge(what: "a group of records", bytes: bytes, limit: room)
                }
                return next
            }
            left -= bytes
            next = end
        }
        return next
    }

    /// Puts whole groups of records into the buffer.
    private func spell(_ batch: RecordBatch, _ records: Range<Int>) {
        // What each changes is kept here meanwhile: a class has every access to its properties checked.
        var (sequence, check, bytes) = (lastSequence, chain, buffer)
        buffer = []
        let (syncedThrough, seed) = (syncedThrough, seed)
        for index in records {
            var head = batch.heads[index]
            // A last record that says that another belongs to it would make the next batch part of this one.
            if index + 1 == batch.count { head.continues = false }
            sequence += 1
            check = RecordHeader.append(
                head,
                batch.writer.bytes.span.extracting(batch.payload(index)),
                sequence: sequence,
                syncedThrough: syncedThrough,
                previous: check,
                seed: seed,
                to: &bytes
            )
        }
        (lastSequence, chain, buffer) = (sequence, check, bytes)
    }

    private func flush() throws(JournalFault) {
        guard !buffer.isEmpty else { return }
        var bytes: [UInt8] = []
        swap(&bytes, &buffer)
        try file.writeAll(bytes.span.bytes, at: offset)
        offset += bytes.count
        // Gives the memory back for the next batch.
        bytes.removeAll(keepingCapacity: true)
        buffer = bytes
    }

    /// Only the last segment may hold what is not synced: recovery counts on it.
    private func rollOver(at now: Int64) throws(JournalFault) {
        try file.syncAll()
        syncedThrough = lastSequence
        unsyncedSince = nil
        var header = SegmentHeader(
            mode: mode,
            first: lastSequence + 1,
            term: term,
            created: now,
            segmentBytes: limits.segmentBytes,
            chain: chain
        )
        header.mode = toldMode
        let next = try Segments.create(header, in: storage)
        try SegmentSeal.write(next: header.first, to: file, seed: seed)
        file = next
        seed = SegmentHeader.seed(of: header.encoded().span.bytes)
        segmentBytes = limits.segmentBytes
        offset = JournalLimits.headerBlockBytes
        chain = seed
        spareAsked = false
    }
}
