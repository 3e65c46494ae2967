import Journal
import Sessions

/// How far it is with getting rehearsals that are over off the disk.
struct Clearing {
    /// Some were erased, and no checkpoint has been written behind that.
    var isDue = false
    /// The last record that may know of those that are to go; nil: there are none.
    var owed: UInt64?
    /// The last record before the segment that was begun last.
    var segmentBegan: UInt64 = 0
}

/// As `Upkeep` does it: a checkpoint, a new segment, a checkpoint in it, and the pass over what lies before.
extension World {
    func clear(besides image: CheckpointImage, _ writer: JournalWriter) throws(JournalFault) {
        let sequence = writer.lastSequence
        if let owed = clearing.owed, owed <= clearing.segmentBegan, clearing.segmentBegan < sequence {
            clearing.owed = nil
            // From here on a crash may leave some of it blank.
            ledger.clearedThrough = sequence
            let report = try Erasing(storage, limits: journalLimits).pass(ErasingRequest(), through: sequence)
            if let fault = report.faults.first { failure = Broken("clearing: \(fault)") }
            archiving = Archiving(storage, limits: journalLimits)
            if report.wantsNewSegment {
                clearing.isDue = true
            } else {
                tally.cleared += 1
                checkCleared(image)
            }
            wantsCheckpoint = true
        }
        guard clearing.isDue else { return }
        clearing.isDue = false
        clearing.owed = sequence
        try startSegment(writer)
    }

    /// Goes on in a new segment, and asks for a checkpoint in it.
    func startSegment(_ writer: JournalWriter) throws(JournalFault) {
        try Segments.prepareSpare(in: storage, limits: journalLimits)
        clearing.segmentBegan = writer.lastSequence
        try writer.startSegment(at: now)
        wantsCheckpoint = true
    }

    /// No word of a rehearsal that was over with the image is in any file.
    private func checkCleared(_ image: CheckpointImage) {
        for (number, gathering) in gatherings.enumerated()
        where gathering.isRehearsal && image.usedIDs.contains(gathering.id) {
            let title = Gathering.title(number, isRehearsal: true).utf8
            for name in storage.names where storage.bytes(of: name)?.contains(title) == true {
                failure = Broken("\(gathering.id.text) is erased, and still in \(name)")
            }
        }
    }
}

extension Entry {
    /// A session is gone with all that it held.
    var isErasing: Bool {
        if case .session(let entry) = self, case .sessionErased = entry.event { true } else { false }
    }
}
