import Glibc
import Testing

@testable import Journal

/// Segments that are written anew, with fewer words in them.
@Suite struct SegmentRewritingTests {
    /// A hundred records over several segments, some of them in groups.
    private let whole: SimulatedStorage

    init() throws {
        whole = try journal(
            (0..<50).map { [record(2 * $0, bytes: 200, continues: true), record(2 * $0 + 1)] }
        )
    }

    /// Blanks every third record, and makes every fifth of the others longer, once.
    private static func change(_ record: JournalRecord) -> JournalRecord {
        var record = record
        let more = Array("and more".utf8)
        if record.sequence % 3 == 0 {
            record.payload = record.payload.map { _ in 0x20 }
        } else if record.sequence % 5 == 0, record.payload.suffix(more.count) != more[...] {
            record.payload += more
        }
        return record
    }

    private static func forget(_ record: JournalRecord) -> JournalRecord {
        var record = record
        (record.kind, record.version, record.payload) = (6, 1, [])
        return record
    }

    private func rewriteAll(
        _ storage: SimulatedStorage,
        _ change: (JournalRecord) -> JournalRecord
    ) throws(JournalFault) -> [Int?] {
        var changed: [Int?] = []
        for (name, next) in try SegmentRewriting.sealed(in: storage) {
            changed.append(try SegmentRewriting.rewrite(name, before: next, in: storage, change))
        }
        return changed
    }

    @Test func `the records are others, with the same numbers, and the last segment is as it was`() throws {
        let storage = SimulatedStorage(copying: whole)
        let before = try JournalReaderTests.read(storage)
        let (first, last) = (try Segments.list(storage)[0], try Segments.list(storage).last)
        let end = try #require(last)
        let changed = try rewriteAll(storage, Self.forget)
        #expect(try Segments.list(storage).count == changed.count + 1 && changed.count > 2)
        let after = try JournalReaderTests.read(storage)
        #expect(after.map(\.sequence) == before.map(\.sequence))
        #expect(after.map(\.session) == before.map(\.session))
        #expect(after.map(\.continues) == before.map(\.continues))
        #expect(after.allSatisfy { $0.sequence >= end.first || $0.kind == 6 })
        #expect(after.filter { $0.sequence >= end.first } == before.filter { $0.sequence >= end.first })
        #expect(try #require(storage.bytes(of: first.path)).count == 4_096 + 4_096)
        #expect(storage.names == whole.names)
        #expect(try JournalVerification(storage, limits: small).isSound)
    }

    @Test func `each segment can be written anew by itself, in any order, and again`() throws {
        let sealed = try SegmentRewriting.sealed(in: whole)
        for mask in 1..<(1 << sealed.count) {
            let storage = SimulatedStorage(copying: whole)
            for (index, (name, next)) in sealed.enumerated().reversed() where mask >> index & 1 == 1 {
                #expect(try SegmentRewriting.rewrite(name, before: next, in: storage, Self.change) != nil)
                #expect(try recover(storage).records.count == 100)
            }
            for (name, next) in sealed {
                _ = try SegmentRewriting.rewrite(name, before: next, in: storage, Self.forget)
                #expect(try recover(storage).records.count == 100)
            }
        }
    }

    @Test func `what was forgotten is in no file any more, and what is behind the last record neither`()
        throws
    {
        let storage = SimulatedStorage(copying: whole)
        var bytes = try #require(storage.bytes(of: firstSegment))
        let torn = Array("a torn tail".utf8)
        bytes.replaceSubrange((bytes.count - torn.count)..<bytes.count, with: torn)
        storage.replace(firstSegment, by: bytes)
        #expect(storage.files(with: "a torn tail") == [firstSegment])
        let sealed = try SegmentRewriting.sealed(in: storage)
        let unchanged = try SegmentRewriting.rewrite(sealed[0].name, before: sealed[0].next, in: storage) {
            $0
        }
        #expect(unchanged == 0)
        #expect(storage.files(with: "a torn tail").isEmpty)
        _ = try rewriteAll(storage, Self.forget)
        #expect(storage.files(with: "record 1 ").isEmpty)
        #expect(try recover(storage).records.count == 100)
    }

    @Test func `a segment without anything to forget is left as it is`() throws {
        let storage = SimulatedStorage(copying: whole)
        #expect(try rewriteAll(storage) { $0 }.allSatisfy { $0 == nil })
        #expect(storage.names.allSatisfy { storage.bytes(of: $0) == whole.bytes(of: $0) })
        _ = try rewriteAll(storage, Self.forget)
        let once = SimulatedStorage(copying: storage)
        #expect(try rewriteAll(storage, Self.forget).allSatisfy { $0 == nil })
        #expect(storage.names.allSatisfy { storage.bytes(of: $0) == once.bytes(of: $0) })
    }

    @Test func `the journal goes on behind rewritten segments, and they miss a successor that is lost`()
        throws
    {
        let storage = SimulatedStorage(copying: whole)
        _ = try rewriteAll(storage, Self.change)
        let last = try #require(try Segments.list(storage).last)
        let count = try recover(storage).records.count
        for number in 0..<40 {
            let writer = try openWriter(storage)
            try writer.append([record(number, bytes: 300)], term: writer.term, at: 1)
            try writer.sync(at: 1)
            storage.restart(losingPower: true)
        }
        #expect(try recover(storage).records.count == count + 40)
        for name in try Segments.list(storage) where name.first >= last.first { storage.lose(name.path) }
        #expect(damage { _ = try recover(storage) }?.why.contains(last.path) == true)
    }

    @Test func `a reader that was at work goes on, whatever is written anew before and behind it`() throws {
        for place in stride(from: 1, to: 100, by: 9) {
            let storage = SimulatedStorage(copying: whole)
            var reader = try JournalReader(storage: storage)
            var sequences: [UInt64] = []
            for _ in 0..<place { sequences.append(try #require(try reader.next()).sequence) }
            _ = try rewriteAll(storage, Self.forget)
            while let record = try reader.next() { sequences.append(record.sequence) }
            #expect(sequences == Array(2...101))
        }
    }

    @Test func `a damaged segment is named and left as it is`() throws {
        let storage = SimulatedStorage(copying: whole)
        storage.flip(bit: 8 * 5_000, of: firstSegment)
        let bytes = storage.bytes(of: firstSegment)
        #expect(damage { _ = try rewriteAll(storage, Self.forget) }?.file == firstSegment)
        #expect(storage.bytes(of: firstSegment) == bytes && storage.names == whole.names)
    }

    @Test func `each flipped bit of a rewritten segment is found, or means nothing`() throws {
        let storage = SimulatedStorage(copying: whole)
        _ = try rewriteAll(storage, Self.change)
        let records = try JournalReaderTests.read(storage)
        let bytes = try #require(storage.bytes(of: firstSegment))
        let end = try #require(bytes.lastIndex { $0 != 0 })
        for bit in Array(0..<64 * 8) + Array(stride(from: 4_096 * 8, to: end * 8, by: 7)) {
            storage.replace(firstSegment, by: bytes)
            storage.flip(bit: bit, of: firstSegment)
            guard let found = try? JournalReaderTests.read(storage) else { continue }
            // The end of a record, behind its payload, is the only place that says nothing.
            #expect(found == records && bytes[bit / 8] == 0xFF, "bit \(bit)")
        }
    }

    @Test func `a segment that an older server's reader would not know says its version`() throws {
        let storage = SimulatedStorage(copying: whole)
        _ = try rewriteAll(storage, Self.change)
        let versions = try Segments.list(storage).map { storage.bytes(of: $0.path)?[8] }
        #expect(versions.dropLast().allSatisfy { $0 == 2 } && versions.last == 1)
    }

    @Test func `whenever the process dies or the power goes, it is the old segment or the new one`() throws {
        let whole = try journal((0..<40).map { [record($0, bytes: 200)] })
        let before = try JournalReaderTests.read(whole)
        let quiet = SimulatedStorage(copying: whole)
        _ = try rewriteAll(quiet, Self.change)
        let after = try JournalReaderTests.read(quiet)
        let calls = quiet.step
        #expect(calls > 20 && calls < 60)
        for step in 0..<calls {
            for variant in 0..<5 {
                let storage = SimulatedStorage(copying: whole)
                storage.random.state = UInt64(step * 5 + variant)
                storage.misfortunes[step] =
                    variant == 4
                    ? .fail(step % 2 == 0 ? EIO : ENOSPC) : .die(afterBytes: [0, 1, 700, 100_000][variant])
                _ = try? rewriteAll(storage, Self.change)
                storage.restart(losingPower: variant > 2)
                let found = try recover(storage)
                for (index, record) in found.records.enumerated() {
                    try #require(record == before[index] || record == after[index], "call \(step)")
                }
                try #require(found.records.count == before.count)
                _ = try found.recovery.makeWriter(mode: .batch, at: 0)
                try #require(!storage.names.contains { $0.hasSuffix(".part") })
                _ = try rewriteAll(storage, Self.change)
                try #require(try JournalReaderTests.read(storage).starts(with: after))
            }
        }
    }

    @Test func `short and interrupted calls change nothing`() throws {
        let quiet = SimulatedStorage(copying: whole)
        _ = try rewriteAll(quiet, Self.change)
        for misfortune in [SimulatedStorage.Misfortune.short, .interrupt] {
            let storage = SimulatedStorage(copying: whole)
            for step in stride(from: 0, to: 2 * quiet.step, by: 2) { storage.misfortunes[step] = misfortune }
            _ = try rewriteAll(storage, Self.change)
            #expect(storage.names.allSatisfy { storage.bytes(of: $0) == quiet.bytes(of: $0) })
        }
    }
}
