/// How many inbounds the engine works off before it looks at who else has come: as many as take a few milliseconds.
///
/// Commands cost very different amounts, and only what they took tells: by what the thread has computed, since a
/// busy machine makes nothing dearer, and small slices cost more for each.
struct Pace {
    private static let most = 8_192
    private static let longNanoseconds: UInt64 = 20_000_000
    private static let shortNanoseconds: UInt64 = 8_000_000

    /// So many are taken at once.
    private(set) var size = most

    /// Learns from how long so many took.
    mutating func note(_ count: Int, nanoseconds: UInt64) {
        if nanoseconds > Self.longNanoseconds {
            size = max(1, min(size, count) / 2)
        } else if nanoseconds < Self.shortNanoseconds, count >= size {
            size = min(Self.most, size * 2)
        }
    }
}
