/// The sizes of the journal.
///
/// Those of the format itself are constants: a reader must know them.
package struct JournalLimits: Sendable {
    /// A segment's file, header included; a multiple of `headerBlockBytes`.
    package var segmentBytes = 64 << 20
    /// A checkpoint's file.
    package var checkpointBytes = 4 << 30
    /// How many checkpoints stay: the newest, and one to fall back on.
    package var checkpointsKept = 2

    /// A record with everything around its payload.
    package static let recordBytes = 1 << 20
    /// A record's payload.
    package static let payloadBytes = recordBytes - RecordHeader.bytes - 8
    /// What a segment's header occupies.
    package static let headerBlockBytes = 4096

    /// The sizes as designed.
    package init() {}

    /// Other segment sizes: small ones for tests.
    package init(segmentBytes: Int) {
        precondition(segmentBytes > Self.headerBlockBytes && segmentBytes % Self.headerBlockBytes == 0)
        self.segmentBytes = segmentBytes
    }
}

/// When the journal is synced.
package enum SyncMode: Equatable, Sendable {
    /// After every batch, before anyone hears of it.
    case batch
    /// At most that many milliseconds after a batch: a power cut may take what was announced meanwhile.
    case interval(milliseconds: Int64)
    /// When the system likes. Only for rehearsals.
    case off

    /// How it stands on disk.
    var code: UInt8 {
        switch self {
        case .batch: 0
        case .interval: 1
        case .off: 2
        }
    }
}
