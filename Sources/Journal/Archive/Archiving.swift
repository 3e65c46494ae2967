package import Sessions

/// Moves sessions that are over into archives of their own, and lets whole segments go that nobody needs any more.
///
/// To be called after each checkpoint, by whoever writes those, never by the journal's thread. A crash anywhere leaves
/// nothing or a whole archive, and no segment goes before the archives of all its sessions are durable; whatever was
/// not done is done the next time.
///
///     checkpoint ─▶ survey: who is in the segments ─▶ archives beside, synced, renamed ─▶ folder synced
///                ─▶ segments go from the front: behind both checkpoints, nobody in them without an archive
package struct Archiving {
    private let storage: any Storage
    private let limits: JournalLimits
    /// What is known of segments and archives; nil before the first pass.
    private var survey: ArchiveSurvey?
    /// A session was archived since the last pass, or there was none yet.
    private var isDue = true

    /// Files that are open at once.
    private static let sessionsAtOnce = 16

    /// For the folder of a writer; there is one for each.
    package init(_ storage: any Storage, limits: JournalLimits = JournalLimits()) {
        self.storage = storage
        self.limits = limits
    }

    /// Does what has become possible with the checkpoint after record `sequence`, which holds `image`.
    ///
    /// `anyArchived` tells whether a session was archived since the checkpoint before. When `isStopping` answers true,
    /// the rest is left for another time. Throws `damaged` when journal or checkpoints are, and `io`; it may be called
    /// again after the next checkpoint.
    package mutating func pass(
        after image: CheckpointImage,
        sequence: UInt64,
        anyArchived: Bool,
        isStopping: () -> Bool = { false }
    ) throws(JournalFault) -> ArchivingReport {
        isDue = isDue || anyArchived
        var report = ArchivingReport()
        let isUnseen = try endOfFirstSegment(isBehind: survey?.through ?? 0, through: sequence)
        if isDue || isUnseen {
            guard try look(through: sequence, isStopping) else { return report }
        }
        if isDue {
            guard try archive(besides: image, &report, isStopping) else { return report }
        }
        report.segmentsRemoved = try removeSegments()
        if isDue { report.wantsNewSegment = try lastSegmentHoldsBackOthers() }
        isDue = false
        return report
    }

    /// Brings the survey up to a record; false when it was stopped.
    private mutating func look(
        through sequence: UInt64,
        _ isStopping: () -> Bool
    ) throws(JournalFault) -> Bool {
        // A survey that fails half-way is begun anew from where it was.
        var survey: ArchiveSurvey
        if let known = self.survey { survey = known } else { survey = try ArchiveSurvey(storage) }
        if sequence > survey.through {
            let whole = try scan(survey.through + 1...sequence, isStopping) { record throws(JournalFault) in
                try survey.take(record, storage)
            }
            guard whole else { return false }
            survey.through = sequence
        }
        self.survey = survey
        return true
    }

    /// Archives who is over and is not archived yet; false when it was stopped.
    private mutating func archive(
        besides image: CheckpointImage,
        _ report: inout ArchivingReport,
        _ isStopping: () -> Bool
    ) throws(JournalFault) -> Bool {
        guard let survey else { return false }
        let live = Set(image.states.map(\.number))
        var due: [ArchiveSurvey.Trace] = []
        for trace in survey.traces.values.sorted(by: { $0.first < $1.first })
        where !live.contains(trace.identity.number) {
            if let fault = survey.obstacle(to: trace) {
                report.faults.append(fault)
            } else {
                due.append(trace)
            }
        }
        try Archives.removeUnfinished(in: storage)
        while !due.isEmpty {
            let batch = due.prefix(Self.sessionsAtOnce)
            guard try write(batch, &report, isStopping) else { return false }
            due.removeFirst(batch.count)
        }
        return true
    }

    /// Writes the archives of some sessions and makes them durable; false when it was stopped.
    private mutating func write(
        _ batch: ArraySlice<ArchiveSurvey.Trace>,
        _ report: inout ArchivingReport,
        _ isStopping: () -> Bool
    ) throws(JournalFault) -> Bool {
        guard let first = batch.map(\.first).min(), let last = batch.map(\.last).max() else { return true }
        var forgetting: [SessionNumber: Forgetting] = [:]
        for trace in batch { forgetting[trace.identity.number] = Forgetting() }
        let looked = try scan(first...last, isStopping) { record throws(JournalFault) in
            do throws(SpellingFault) {
                try forgetting[record.session]?.take(record)
            } catch {
                throw error.fault(of: record)
            }
        }
        guard looked else { return false }
        var headers: [ArchiveHeader] = []
        let copied: Bool
        do throws(JournalFault) {
            copied = try copy(batch, forgetting, to: &headers, &report, isStopping)
        } catch {
            // Perhaps there is no room; then half an archive should not take any.
            for trace in batch { try? storage.removeIfPresent(Archives.unfinishedPath(trace.identity.id)) }
            throw error
        }
        guard copied else { return false }
        for header in headers {
            let id = header.identity.id
            try storage.rename(Archives.unfinishedPath(id), to: Archives.path(id))
        }
        try storage.syncDirectory(Archives.folder)
        // Only now: what relies on an archive must find it after any crash.
        for header in headers {
            survey?.note(header)
            report.archived.append(header.identity.id)
        }
        return true
    }

    /// Fills the archives of some sessions, under the names that they have before they are whole.
    private func copy(
        _ batch: ArraySlice<ArchiveSurvey.Trace>,
        _ forgetting: [SessionNumber: Forgetting],
        to headers: inout [ArchiveHeader],
        _ report: inout ArchivingReport,
        _ isStopping: () -> Bool
    ) throws(JournalFault) -> Bool {
        guard let first = batch.map(\.first).min(), let last = batch.map(\.last).max() else { return true }
        var writers: [SessionNumber: ArchiveWriter] = [:]
        for trace in batch {
            let number = trace.identity.number
            guard let forgetting = forgetting[number] else { continue }
            writers[number] = try ArchiveWriter(trace.identity, forgetting, in: storage)
        }
        let whole = try scan(first...last, isStopping) { record throws(JournalFault) in
            try writers[record.session]?.append(record)
        }
        guard whole else { return false }
        for trace in batch {
            let number = trace.identity.number
            if let header = try writers[number]?.finish() {
                headers.append(header)
            } else if let damage = writers[number]?.damage {
                report.faults.append(damage)
                try storage.removeIfPresent(Archives.unfinishedPath(trace.identity.id))
            }
        }
        return true
    }

    /// Reads the journal's records of these numbers; false when it was stopped.
    private func scan(
        _ range: ClosedRange<UInt64>,
        _ isStopping: () -> Bool,
        _ visit: (JournalRecord) throws(JournalFault) -> Void
    ) throws(JournalFault) -> Bool {
        // All of it was synced before the checkpoint was written: an end before is damage.
        let first = try Segments.first(in: storage)
        var reader = try JournalReader(
            storage: storage,
            from: max(range.lowerBound, first),
            checkpointed: range.upperBound
        )
        while let record = try reader.next(), record.sequence <= range.upperBound {
            if isStopping() { return false }
            try visit(record)
        }
        return true
    }
}

/// What an archiving pass came to.
package struct ArchivingReport: Equatable, Sendable {
    /// The sessions that have got their archive.
    package var archived: [SessionID] = []
    package var segmentsRemoved = 0
    /// Why some sessions could not be archived: their records stay in the segments.
    package var faults: [JournalFault] = []
    /// Everybody in the last segment is archived: if it were followed by another one, it could go, and with it
    /// the words that were to be forgotten.
    package var wantsNewSegment = false

    package init() {}
}

// MARK: - Segments that go

extension Archiving {
    /// Removes from the front the segments that nobody needs.
    ///
    /// Each is behind both checkpoints, so that a start can begin with either, and both are read to the end
    /// before: a checkpoint that does not hold is no reason to forget.
    private func removeSegments() throws(JournalFault) -> Int {
        let kept = try Checkpoints.list(storage).prefix(limits.checkpointsKept)
        guard let survey, kept.count == limits.checkpointsKept, let older = kept.last else { return 0 }
        let bound = min(older, survey.through, survey.earliest.map { $0 - 1 } ?? .max)
        guard try endOfFirstSegment(isBehind: 0, through: bound) else { return 0 }
        for sequence in kept {
            let checkpoint = try Checkpoints.read(sequence, from: storage, limits: limits)
            // One of an earlier server: it goes soon.
            guard checkpoint.encoding == ImageEncoding.version else { return 0 }
            do throws(UnusableCheckpoint) {
                _ = try ImageEncoding.image(of: checkpoint)
            } catch {
                let file = Checkpoints.path(sequence)
                throw .damaged(Damage(file: file, offset: 0, sequence: 0, why: error.why))
            }
        }
        return try Segments.remove(through: bound, in: storage)
    }

    /// Whether the first segment has a successor and ends in this range of numbers.
    private func endOfFirstSegment(isBehind low: UInt64, through high: UInt64) throws(JournalFault) -> Bool {
        guard let second = try Segments.list(storage).dropFirst().first else { return false }
        return second.first - 1 > low && second.first - 1 <= high
    }

    /// Whether nobody is left who needs the last segment, and it holds what should go.
    private func lastSegmentHoldsBackOthers() throws(JournalFault) -> Bool {
        guard let survey, survey.earliest == nil, let last = try Segments.list(storage).last else {
            return false
        }
        return survey.lastArchived >= last.first
    }
}
