import Sessions

/// Sees to it that what was forgotten leaves the disk: archives, segments and checkpoints.
///
/// **Before a pass.** What happened in memory is in the journal (`personRenamed`, `personErased`, `sessionErased`), a
/// checkpoint is written behind it, and the journal goes on in a new segment. The pass is bounded by that checkpoint:
/// what stands behind it is left as it is, so that a start from it, or from a later one, meets nothing that is blank.
/// Whoever writes another checkpoint before the pass keeps one to fall back on.
///
/// **The pass**, each step durable before the next:
///
///     older checkpoints removed ─▶ erasures listed ─▶ archives written anew
///                               ─▶ sealed segments written anew, first to last
///                               ─▶ archived sessions that are to go listed, and their archives removed
///
/// - In a segment the records of sessions that have a whole archive, or are erased, become blank; of other sessions
///   the words go that their archives will not have either. For retention alone, only those of the sessions
///   concerned become blank: the more is left, the more can be verified.
/// - `personRenamed` becomes blank with the words before it, in the last segment that has any: as long as it is there
///   the work is not done, and a start can tell (`unfinished`). It stays when an archive cannot be read.
/// - Who is erased goes into the folder's list (`ErasureList`) as soon as the journal has it; a session that is archived,
///   of which the journal has nothing, when the segments have lost it.
/// - A session that goes as a whole keeps its archive until the segments have nothing of it any more: without an
///   archive it would be archived once more.
///
/// **After a crash, or a failure, at any call** each file is the old one or the new one; doing the same pass again does
/// the rest, and what is done already is found to need nothing. A session's records are blank from the first one on:
/// whoever meets a blank one knows that the others count for nothing either.
///
/// To be called by whoever writes checkpoints and archives, after `Archiving`, never by the journal's thread; or on the
/// folder of a stopped server, with its lock.
package struct Erasing {
    private let storage: any Storage
    private let limits: JournalLimits

    /// For a folder.
    package init(_ storage: any Storage, limits: JournalLimits = JournalLimits()) {
        self.storage = storage
        self.limits = limits
    }

    /// What a server before this one has begun to erase and not finished; nil: nothing.
    ///
    /// Up to record `sequence`, the last one that was there when this server began to take in anything: what it erases
    /// itself meanwhile is not its predecessor's.
    /// The persons are those of whom the journal still says that they were renamed; where they have seats in memory
    /// they are to be erased there first. The pass to be done is one with this request. Throws `damaged`,
    /// `newerVersion` or `io`.
    package static func unfinished(
        in storage: any Storage,
        through sequence: UInt64 = .max
    ) throws(JournalFault) -> ErasingRequest? {
        var survey = ErasingSurvey()
        var reader = try JournalReader(beside: storage)
        while let record = try reader.next(), record.sequence <= sequence { try survey.see(record) }
        return survey.tellsOfErasing ? ErasingRequest(persons: survey.persons.mapValues(\.pseudonym)) : nil
    }

    /// Does what the request says, up to the checkpoint after record `sequence`, and what the journal says was begun.
    ///
    /// That checkpoint must not hold anything of it any more. When `isStopping` answers true, the rest is left for
    /// another time. Throws `damaged` when segments or the checkpoint are, `newerVersion` and `io`; it may be called
    /// again.
    package func pass(
        _ request: ErasingRequest,
        through sequence: UInt64,
        isStopping: () -> Bool = { false }
    ) throws(JournalFault) -> ErasingReport {
        var report = ErasingReport()
        let (live, at) = try sessionsInCheckpoint(sequence)
        try Checkpoints.removeOlder(than: sequence, in: storage)
        try Checkpoints.removeUnfinished(in: storage)
        try Archives.removeUnfinished(in: storage)
        // What is archived becomes blank in the segments: then its archive must be there after a power cut.
        try storage.syncDirectory(Archives.folder)
        try Segments.removeUnfinishedRewriting(in: storage)

        var survey = ErasingSurvey()
        guard
            try scan(through: sequence, isStopping, { record throws(JournalFault) in try survey.see(record) })
        else { return report.stopped }
        try ErasureList.note(survey.erasures(and: request, through: sequence, at: at), in: storage)
        var archives = ErasingArchives(request, survey, through: sequence, in: storage)
        guard try archives.rewrite(&report, isStopping) else { return report.stopped }

        var fates = SegmentFates(request, survey, archives, live: live, through: sequence)
        if fates.wantsWords {
            guard
                try scan(
                    through: sequence,
                    isStopping,
                    { record throws(JournalFault) in try fates.take(record) }
                )
            else { return report.stopped }
        }
        report.sessionsInMemory = fates.sessionsInMemory
        guard try rewriteSegments(fates, &report, isStopping) else { return report.stopped }
        report.wantsNewSegment = try lastSegmentHolds(fates, through: sequence)
        if !report.wantsNewSegment {
            try ErasureList.note(archives.erasures(at: at), in: storage)
            try archives.remove(&report)
        }
        return report
    }

    /// Who is in the checkpoint, and its time; also, that a start can begin with it.
    private func sessionsInCheckpoint(
        _ sequence: UInt64
    ) throws(JournalFault) -> (live: [SessionNumber: SessionID], at: Milliseconds) {
        let checkpoint = try Checkpoints.read(sequence, from: storage, limits: limits)
        do throws(UnusableCheckpoint) {
            let states = try ImageEncoding.image(of: checkpoint).states
            return (Dictionary(uniqueKeysWithValues: states.map { ($0.number, $0.id) }), checkpoint.time)
        } catch {
            let file = Checkpoints.path(sequence)
            throw .damaged(Damage(file: file, offset: 0, sequence: 0, why: error.why))
        }
    }

    /// Writes anew the segments that hold what is to go; false when it was stopped.
    private func rewriteSegments(
        _ fates: SegmentFates,
        _ report: inout ErasingReport,
        _ isStopping: () -> Bool
    ) throws(JournalFault) -> Bool {
        for (name, next) in try SegmentRewriting.sealed(in: storage) {
            if isStopping() { return false }
            let changed = try SegmentRewriting.rewrite(name, before: next, in: storage) {
                record throws(JournalFault) in try fates.remaining(of: record)
            }
            guard let changed else { continue }
            report.segmentsRewritten += 1
            report.recordsForgotten += changed
        }
        return true
    }

    private func lastSegmentHolds(
        _ fates: SegmentFates,
        through sequence: UInt64
    ) throws(JournalFault) -> Bool {
        guard let last = try Segments.list(storage).last, last.first <= sequence else { return false }
        var reader = try JournalReader(storage: storage, from: last.first, checkpointed: sequence)
        while let record = try reader.next(), record.sequence <= sequence {
            if try fates.remaining(of: record) != record { return true }
        }
        return false
    }

    /// Reads the journal's records up to this number; false when it was stopped.
    private func scan(
        through sequence: UInt64,
        _ isStopping: () -> Bool,
        _ visit: (JournalRecord) throws(JournalFault) -> Void
    ) throws(JournalFault) -> Bool {
        var reader = try JournalReader(storage: storage, checkpointed: sequence)
        while let record = try reader.next(), record.sequence <= sequence {
            if isStopping() { return false }
            try visit(record)
        }
        return true
    }
}

extension ErasingReport {
    fileprivate var stopped: ErasingReport {
        var report = self
        report.isStopped = true
        return report
    }
}

extension ErasingSurvey {
    fileprivate mutating func see(_ record: JournalRecord) throws(JournalFault) {
        do throws(SpellingFault) {
            try take(record)
        } catch {
            throw error.fault(of: record)
        }
    }
}
