/// The files of the journal: `segments/<number of the first record, 20 digits>.log`.
///
/// A segment comes into being under another name, is filled with zeroes, gets its header, is synced, takes its name,
/// and the folder is synced; only then is a record written to it. So a file with a segment's name is whole, and has
/// its length, and all of its blocks are real: `fdatasync` of a record then writes that record's sectors and nothing
/// else. (Space that was merely reserved would cost a change of the file system's own journal at each first write.)
package enum Segments {
    static let folder = "segments"
    static let unfinished = "segments/next"
    static let spare = "segments/spare"
    static let unfinishedSpare = "segments/spare.part"
    private static let rewrittenSuffix = ".part"

    /// A segment's name and what it says.
    struct Name: Equatable {
        var first: UInt64

        var path: String { "\(folder)/\(paddedNumber(first)).log" }

        /// The segment in the making, when it is written anew.
        ///
        /// No segment has such a name, since none ends like this.
        var unfinishedPath: String { path + rewrittenSuffix }
    }

    /// The segments, in order.
    ///
    /// Files that are not segments are none of our business.
    static func list(_ storage: any Storage) throws(JournalFault) -> [Name] {
        let names = try storage.list(folder)
        return names.compactMap { name in
            number(in: name, suffix: ".log").map { Name(first: $0) }
        }.sorted { $0.first < $1.first }
    }

    /// The number of the first record that is still there; 1 in an empty journal.
    package static func first(in storage: any Storage) throws(JournalFault) -> UInt64 {
        try list(storage).first?.first ?? 1
    }

    /// Makes a segment and answers its file, ready for records.
    static func create(
        _ header: SegmentHeader,
        in storage: any Storage
    ) throws(JournalFault) -> any StorageFile {
        do throws(JournalFault) {
            try storage.rename(spare, to: unfinished)
        } catch  where error.isMissing {
            try fillWithZeroes(unfinished, bytes: header.segmentBytes, in: storage)
        }
        let file = try storage.open(unfinished, for: .write)
        try file.writeAll(header.encoded().span.bytes, at: 0)
        try file.syncAll()
        let name = Name(first: header.first).path
        try storage.rename(unfinished, to: name)
        try storage.syncDirectory(folder)
        return try storage.open(name, for: .write)
    }

    /// Fills a file with zeroes ahead of time, so that the next roll-over need not wait for it.
    ///
    /// To be called on another thread than the writer's, when the writer's `spareIsDue` says so. One that is there
    /// already is as good: it got its name when it was whole.
    package static func prepareSpare(in storage: any Storage, limits: JournalLimits) throws(JournalFault) {
        guard try !storage.list(folder).contains(where: { folder + "/" + $0 == spare }) else { return }
        try storage.removeIfPresent(unfinishedSpare)
        do throws(JournalFault) {
            try fillWithZeroes(unfinishedSpare, bytes: limits.segmentBytes, isAheadOfTime: true, in: storage)
        } catch {
            // Perhaps there is no room; then half a segment should not take any.
            try? storage.removeIfPresent(unfinishedSpare)
            throw error
        }
        try storage.rename(unfinishedSpare, to: spare)
    }

    /// Removes what a crash left unfinished.
    static func removeUnfinished(in storage: any Storage) throws(JournalFault) {
        for name in [unfinished, unfinishedSpare, spare] {
            try storage.removeIfPresent(name)
        }
        try removeUnfinishedRewriting(in: storage)
    }

    /// Removes what a crash left of segments that were written anew.
    static func removeUnfinishedRewriting(in storage: any Storage) throws(JournalFault) {
        for name in try storage.list(folder)
        where number(in: name, suffix: ".log" + rewrittenSuffix) != nil {
            try storage.removeIfPresent("\(folder)/\(name)")
        }
    }

    /// Removes the segments whose records all have numbers up to `sequence`; never the last one.
    ///
    /// Answers how many. They go one after the other, so that whatever is left is one journal without a gap.
    package static func remove(through sequence: UInt64, in storage: any Storage) throws(JournalFault) -> Int
    {
        let names = try list(storage)
        var removed = 0
        for (name, next) in zip(names, names.dropFirst()) where next.first <= sequence + 1 {
            try storage.remove(name.path)
            try storage.syncDirectory(folder)
            removed += 1
        }
        return removed
    }

    private static func fillWithZeroes(
        _ name: String,
        bytes: Int,
        isAheadOfTime: Bool = false,
        in storage: any Storage
    ) throws(JournalFault) {
        let file = try storage.open(name, for: .create)
        // Asks for the room at once, so that a full disk is noticed here and the file lies in one piece.
        try file.reserve(bytes)
        let zeroes = [UInt8](repeating: 0, count: min(bytes, 1 << 20))
        var offset = 0
        while offset < bytes {
            let count = min(zeroes.count, bytes - offset)
            let next = zeroes.span.bytes.extracting(0..<count)
            if isAheadOfTime {
                try file.writeInSlices(next, at: offset)
            } else {
                try file.writeAll(next, at: offset)
            }
            offset += count
        }
        try file.syncAll()
    }
}

/// A number as it stands in file names: 20 digits, so that names sort as numbers do.
func paddedNumber(_ number: UInt64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 20 - digits.count) + digits
}

/// The number in a file name of 20 digits and `suffix`.
func number(in name: String, suffix: String) -> UInt64? {
    guard name.utf8.count == 20 + suffix.utf8.count, name.hasSuffix(suffix) else { return nil }
    let digits = name.utf8.prefix(20)
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return UInt64(String(decoding: digits, as: UTF8.self))
}
