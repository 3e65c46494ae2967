internal import Journal

/// How the modes of syncing are written.
enum SyncSpelling {
    /// The mode, or nil.
    static func mode(_ text: String) -> SyncMode? {
        switch text {
        case "batch": return .batch
        case "off": return .off
        default:
            guard text.hasPrefix("interval:"), let milliseconds = Quantity.number(text.dropFirst(9)),
                (1...60_000).contains(milliseconds)
            else { return nil }
            return .interval(milliseconds: Int64(milliseconds))
        }
    }
}
