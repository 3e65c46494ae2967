import Sessions

@testable import Journal

/// The journal's reader: a segment's bytes as they are, and records of any content under right checksums.
enum JournalFuzz {
    static func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        if first & 1 == 0 {
            damaged(Array(input.dropFirst()))
        } else {
            records(Array(input.dropFirst()))
        }
    }

    /// A small segment of a real journal, with bytes of the input over it: offset, then what stands there.
    private static func damaged(_ input: [UInt8]) {
        guard input.count > 2 else { return }
        var bytes = segment
        var rest = input[...]
        while rest.count >= 4 {
            let offset = (Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())) % bytes.count
            let count = min(Int(rest.removeFirst()) % 16 + 1, rest.count, bytes.count - offset)
            bytes.replaceSubrange(offset..<(offset + count), with: rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        let storage = folder()
        storage.replace(name, by: bytes)
        read(storage)
    }

    /// Records whose kinds, versions, sessions and payloads are the input's.
    private static func records(_ input: [UInt8]) {
        var decoder = EntryDecoder()
        var sessions = SessionTable()
        var rest = input[...]
        var sequence: UInt64 = 0
        while rest.count >= 5 {
            let kind = rest.removeFirst()
            let version = rest.removeFirst()
            let session = UInt64(rest.removeFirst() % 4)
            let count = min(Int(rest.removeFirst()) << 8 | Int(rest.removeFirst()), rest.count)
            sequence += 1
            let record = JournalRecord(
                NewRecord(kind: kind, version: version, session: session, payload: Array(rest.prefix(count))),
                sequence: sequence
            )
            rest = rest.dropFirst(count)
            guard let entry = try? decoder.entry(of: record) else { continue }
            switch entry {
            case .session(let entry) where (try? sessions.check(entry)) != nil: sessions.apply(entry)
            case .books(let entry): sessions.apply(entry)
            case .session, .clock: break
            }
        }
    }

    private static func read(_ storage: SimulatedStorage) {
        _ = try? JournalVerification(storage)
        guard let recovery = try? JournalRecovery(storage: storage),
            let sessions = try? SessionRecovery(reading: recovery)
        else { return }
        _ = sessions.table.sessions.count
    }

    private static let name = "segments/00000000000000000001.log"
    private static let segment: [UInt8] = {
        let storage = SimulatedStorage(seed: 1)
        do {
            let recovery = try JournalRecovery(
                storage: storage,
                limits: JournalLimits(segmentBytes: 16 << 10)
            )
            while try recovery.next() != nil {}
            let writer = try recovery.makeWriter(mode: .batch, at: 1)
            for number in 0..<20 {
                let payload = [UInt8](repeating: UInt8(number), count: number * 7)
                try writer.append(
                    [NewRecord(kind: 1, version: 1, session: 1, payload: payload)],
                    term: writer.term,
                    at: Int64(number)
                )
            }
            try writer.close(at: 30)
        } catch {
            fatalError("\(error)")
        }
        return storage.bytes(of: name) ?? []
    }()

    private static func folder() -> SimulatedStorage {
        let storage = SimulatedStorage(seed: 1)
        _ = try? storage.makeDirectory("segments")
        _ = try? storage.makeDirectory("checkpoints")
        return storage
    }
}
