/// Reads the journal's records in order.
///
/// It needs no lock: beside a running server it ends quietly where that server has not finished writing. It throws
/// `damaged` as soon as what it finds cannot come from a crash (`TailJudgement`), `newerVersion`, or `io`. The
/// journal's own marks are not handed out, nor is a group of records whose end is missing.
package struct JournalReader {
    /// Where and how the journal ends; known when `next()` has answered nil.
    package private(set) var end: JournalEnd?

    private let storage: any Storage
    private let from: UInt64
    private let checkpointed: UInt64
    private var later: ArraySlice<Segments.Name>
    private var image: SegmentImage?
    private var place = SegmentImage.Place(offset: 0, expected: 1, chain: 0)
    /// Where the first record stands that nobody has confirmed to be synced.
    private var unconfirmedFrom = 0
    private var mark: Mark?
    private var term: UInt64 = 0
    private var ready: ArraySlice<JournalRecord> = []

    /// A reader of the records from number `from` on; nil: from the first one that is still there.
    ///
    /// `checkpointed` is the highest number that a checkpoint covers: an end before it is damage. Throws `damaged`
    /// if the journal does not reach back to `from`.
    package init(
        storage: any Storage,
        from: UInt64? = nil,
        checkpointed: UInt64 = 0
    ) throws(JournalFault) {
        self.storage = storage
        self.checkpointed = checkpointed
        let names = try Segments.list(storage)
        self.from = from ?? names.first?.first ?? 1
        later = names[...]
        guard let first = names.first else {
            if checkpointed > 0 || self.from > 1 {
                let why = "there is no segment, but a checkpoint covers up to record \(checkpointed)"
                throw .damaged(Damage(file: Segments.folder, offset: 0, sequence: self.from, why: why))
            }
            end = JournalEnd()
            return
        }
        guard first.first <= self.from else {
            let why = "the journal begins there; nothing reaches back to record \(self.from)"
            throw .damaged(Damage(file: first.path, offset: 0, sequence: first.first, why: why))
        }
        while let second = later.dropFirst().first, second.first <= self.from {
            later.removeFirst()
        }
        try enterNextSegment(after: nil)
    }

    /// The next record; nil at the end.
    package mutating func next() throws(JournalFault) -> JournalRecord? {
        while ready.isEmpty, end == nil {
            try readGroup()
        }
        return ready.popFirst()
    }

    /// Reads records up to one that does not continue, or steps into the next segment, or finds the end.
    private mutating func readGroup() throws(JournalFault) {
        guard var image else { return }
        var here = place
        var group: [JournalRecord] = []
        var unconfirmed = unconfirmedFrom
        while true {
            if let next = later.first, group.isEmpty, here.expected >= next.first {
                // What may stand behind this place is the torn tail that a restart has left behind.
                return try enterNextSegment(after: (image.header, here.chain))
            }
            switch image.look(at: here) {
            case .record(let header):
                if header.unsynced == 0 { unconfirmed = here.offset }
                let record = image.record(header, at: here)
                if record.kind == Mark.kind {
                    try note(record, in: image, at: here)
                } else {
                    mark = mark?.afterRecord
                    if record.sequence >= from { group.append(record) }
                }
                here.offset += header.extent
                here.expected += 1
                here.chain = header.check
                if !header.continues {
                    place = here
                    unconfirmedFrom = unconfirmed
                    ready = group[...]
                    return
                }
            case .stop(let stop):
                guard try !isStillBeingWritten(stop, at: here, in: &image) else { continue }
                return
            }
        }
    }

    /// Reading has stopped: ends quietly, or throws, or answers true when the bytes have changed meanwhile.
    ///
    /// False as well when there is another segment to go on with.
    private mutating func isStillBeingWritten(
        _ stop: TailJudgement.Stop,
        at here: SegmentImage.Place,
        in image: inout SegmentImage
    ) throws(JournalFault) -> Bool {
        func damage(_ why: String) -> JournalFault {
            .damaged(Damage(file: image.name.path, offset: here.offset, sequence: here.expected, why: why))
        }
        if let next = later.first {
            let missing = "records \(here.expected) to \(next.first - 1) are missing; \(next.path) comes next"
            throw damage(stop == .nothing ? missing : stop.why)
        }
        let judgement = TailJudgement(
            stop,
            in: image.bytes.span.bytes,
            at: here.offset,
            expecting: here.expected,
            seed: image.seed,
            checkpointed: checkpointed
        )
        switch judgement {
        case .unfinished:
            guard let next = SegmentSeal.next(in: image.bytes.span.bytes, seed: image.seed) else {
                finish(image)
                return false
            }
            // Beside a running server it may have come after the others were listed.
            later = try Segments.list(storage).filter { $0.first > image.header.first }[...]
            if later.isEmpty {
                throw damage("\(Segments.Name(first: next).path) comes next, and is not there")
            }
            return false
        case .damaged(let why):
            // Beside a running server this place may have been read before it was written, and what proves that it
            // was synced after. A second look tells.
            let again = try SegmentImage(image.name, from: storage)
            guard !image.shows(again, from: here.offset) else { throw damage(why) }
            image = again
            self.image = again
            return true
        }
    }

    private mutating func finish(_ image: SegmentImage) {
        let rest = image.bytes.span.bytes.extracting(place.offset..<image.bytes.count)
        let tornBytes = rest.lastNonzero.map { $0 + 1 } ?? 0
        let torn = TornTail(file: image.name.path, offset: place.offset, bytes: tornBytes)
        let isEmpty = place.expected == image.header.first
        end = JournalEnd(
            lastSequence: place.expected - 1,
            term: term,
            torn: tornBytes == 0 ? nil : torn,
            closedInOrder: mark?.what == .closed,
            mode: mark?.mode ?? image.header.mode,
            segment: JournalEnd.Segment(
                name: image.name,
                header: image.header,
                seed: image.seed,
                offset: place.offset,
                chain: place.chain,
                // A segment without records is replaced, not followed.
                chainForNext: isEmpty ? image.header.chain : place.chain,
                unconfirmed: Array(image.bytes[unconfirmedFrom..<place.offset])
            )
        )
        self.image = nil
    }

    /// Goes on with the next segment; it must continue the one before, of which header and last check are given.
    private mutating func enterNextSegment(
        after before: (header: SegmentHeader, last: UInt32)?
    ) throws(JournalFault) {
        guard let name = later.popFirst() else { return }
        let image = try SegmentImage(name, from: storage)
        func damage(_ why: String) -> JournalFault {
            .damaged(Damage(file: name.path, offset: 0, sequence: name.first, why: why))
        }
        if let before {
            guard name.first == place.expected else {
                throw damage("the segment before goes on to record \(place.expected - 1)")
            }
            guard before.header.isFollowed(by: image.header, last: before.last) else {
                throw damage("it does not follow the segment before it")
            }
        } else if name.first == 1, image.header.chain != 0 {
            throw damage("it does not begin the journal")
        }
        term = max(term, image.header.term)
        place = image.start
        unconfirmedFrom = place.offset
        self.image = image
    }

    private mutating func note(
        _ record: JournalRecord,
        in image: SegmentImage,
        at here: SegmentImage.Place
    ) throws(JournalFault) {
        let found = try Mark(record, file: image.name.path, offset: here.offset)
        term = max(term, found.term)
        mark = found
    }
}

/// How the journal ends.
package struct JournalEnd: Sendable {
    /// The number of the last record, the journal's own marks included; 0 in an empty journal.
    package var lastSequence: UInt64 = 0
    /// The highest term seen.
    package var term: UInt64 = 0
    /// What a crash left unfinished; a writer leaves it behind and goes on in a new segment.
    package var torn: TornTail?
    /// Whether the last writer said that it was done.
    package var closedInOrder = true
    /// The last writer's mode, as a code.
    var mode: UInt8 = SyncMode.batch.code
    /// The last segment; nil in an empty journal.
    var segment: Segment?

    /// Whether a power cut may have taken something that was announced: the last writer did not wait for the disk,
    /// and was not closed in order.
    package var mayHaveForgotten: Bool { !closedInOrder && mode != SyncMode.batch.code }

    /// What a writer must know to go on in the last segment.
    struct Segment: Sendable {
        var name: Segments.Name
        var header: SegmentHeader
        var seed: UInt32
        var offset: Int
        var chain: UInt32
        var chainForNext: UInt32
        /// The bytes of the last records, those that nobody has confirmed to be synced, up to `offset`.
        var unconfirmed: [UInt8]
    }
}

/// Bytes behind the last whole record that count for nothing.
package struct TornTail: Equatable, Sendable {
    package var file: String
    package var offset: Int
    package var bytes: Int
}
