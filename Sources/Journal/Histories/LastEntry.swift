package import Sessions

extension JournalReader {
    /// The time of the last entry of any kind, clocks among them: up to then the journal knows what was so.
    ///
    /// Nil when there is none. Throws `damaged`, `newerVersion` or `io`.
    package static func lastEntryAt(in storage: any Storage) throws(JournalFault) -> Milliseconds? {
        var last: Milliseconds?
        try retryingWhenMissing { () throws(JournalFault) in
            last = nil
            var reader = try JournalReader(beside: storage)
            var decoder = EntryDecoder()
            while let record = try reader.next() {
                do throws(SpellingFault) {
                    if let entry = try decoder.entry(of: record) { last = max(last ?? entry.at, entry.at) }
                } catch {
                    throw error.fault(of: record)
                }
            }
        }
        return last
    }
}
