import Journal
import Testing

/// A small journal: segments of 8 KiB, half of them for records.
let small = JournalLimits(segmentBytes: 8192)

/// A record whose payload tells its number, of any length, without zeroes.
func record(_ number: Int, bytes: Int = 24, continues: Bool = false) -> NewRecord {
    let text = Array("record \(number) ".utf8)
    let payload = (0..<bytes).map { $0 < text.count ? text[$0] : UInt8(0x41 + ($0 + number) % 26) }
    return NewRecord(kind: 1, version: 1, session: UInt64(number % 3), payload: payload, continues: continues)
}

/// What a recovery found.
struct Recovered {
    var recovery: JournalRecovery
    var records: [JournalRecord]
    var payloads: [[UInt8]] { records.map(\.payload) }
    var end: JournalEnd? { recovery.report.end }
}

/// Opens the folder and reads the journal to its end.
func recover(_ storage: SimulatedStorage, limits: JournalLimits = small) throws(JournalFault) -> Recovered {
    let recovery = try JournalRecovery(storage: storage, limits: limits)
    var records: [JournalRecord] = []
    while let record = try recovery.next() {
        records.append(record)
    }
    return Recovered(recovery: recovery, records: records)
}

/// Opens the folder for writing.
func openWriter(
    _ storage: SimulatedStorage,
    limits: JournalLimits = small,
    mode: SyncMode = .batch
) throws(JournalFault) -> JournalWriter {
    try recover(storage, limits: limits).recovery.makeWriter(mode: mode, at: 1_000)
}

/// A folder with a journal of `batches`, each synced; the writer was not closed.
func journal(_ batches: [[NewRecord]], limits: JournalLimits = small) throws -> SimulatedStorage {
    let storage = SimulatedStorage(seed: 1)
    let writer = try openWriter(storage, limits: limits)
    for batch in batches {
        try writer.append(batch, term: writer.term, at: 1_000)
        try writer.sync(at: 1_000)
    }
    storage.restart(losingPower: false)
    return storage
}

/// The file of the first segment.
let firstSegment = "segments/00000000000000000001.log"

/// The damage that a call reports; records an issue for anything else.
func damage(of body: () throws -> Void) -> Damage? {
    do {
        try body()
        Issue.record("nothing was found damaged")
    } catch JournalFault.damaged(let damage) {
        return damage
    } catch {
        Issue.record("\(error)")
    }
    return nil
}
