import Testing

@testable import Journal

/// A segment says that it has a successor, so that the last one is missed when it is gone.
@Suite struct SegmentSealTests {
    private static func records(_ range: Range<Int>) -> [[NewRecord]] {
        range.map { [record($0, bytes: 200)] }
    }

    /// Three segments; the writer was not closed.
    private static func threeSegments() throws -> SimulatedStorage {
        let storage = try journal(records(0..<40))
        try #require(storage.segments.count == 3)
        return storage
    }

    /// As a server of the past has left it.
    private static func unsealed(_ storage: SimulatedStorage) throws {
        for name in storage.segments {
            var bytes = try #require(storage.bytes(of: name))
            let seal = SegmentSeal.offset..<SegmentSeal.offset + SegmentSeal.bytes
            bytes.replaceSubrange(seal, with: repeatElement(0, count: seal.count))
            storage.replace(name, by: bytes)
        }
    }

    @Test func `the last segment is missed when it is gone`() throws {
        let storage = try Self.threeSegments()
        let names = storage.segments
        storage.lose(names[2])
        let found = damage { _ = try recover(storage) }
        #expect(found?.file == names[1] && found?.why == "\(names[2]) comes next, and is not there")
        #expect(storage.segments == Array(names.prefix(2)))
        storage.lose(names[1])
        storage.restart(losingPower: false)
        #expect(damage { _ = try recover(storage) }?.file == names[0])
    }

    @Test func `a start makes up for what an older server has not said`() throws {
        let storage = try Self.threeSegments()
        try Self.unsealed(storage)
        let whole = try recover(storage)
        #expect(whole.records.count == 40)
        _ = try whole.recovery.makeWriter(mode: .batch, at: 0)
        storage.restart(losingPower: true)
        storage.lose(storage.segments[2])
        #expect(damage { _ = try recover(storage) }?.file == storage.segments[1])
    }

    @Test func `each flipped bit of it says nothing, and whatever it says of another journal as well`() throws
    {
        let storage = try Self.threeSegments()
        let name = storage.segments[1]
        let bytes = try #require(storage.bytes(of: name))
        storage.lose(storage.segments[2])
        for bit in 8 * SegmentSeal.offset..<8 * (SegmentSeal.offset + 20) {
            storage.replace(name, by: bytes)
            storage.flip(bit: bit, of: name)
            storage.restart(losingPower: false)
            #expect(try recover(storage).end?.torn == nil, "bit \(bit)")
        }
        var foreign = bytes
        foreign.replaceSubrange(
            SegmentSeal.offset..<SegmentSeal.offset + SegmentSeal.bytes,
            with: SegmentSeal.encoded(next: 1_000, seed: 7)
        )
        storage.replace(name, by: foreign)
        storage.restart(losingPower: false)
        #expect(try recover(storage).records.count > 10)
    }

    @Test func `a segment written anew says it too`() throws {
        let storage = try Self.threeSegments()
        for (name, next) in try SegmentRewriting.sealed(in: storage) {
            _ = try SegmentRewriting.rewrite(name, before: next, in: storage) { record throws(JournalFault) in
                var record = record
                record.payload = []
                return record
            }
        }
        storage.lose(storage.segments[2])
        #expect(damage { _ = try recover(storage) }?.file == storage.segments[1])
    }

    @Test func `a reader beside a writer goes on in segments that come meanwhile`() throws {
        let storage = SimulatedStorage(seed: 1)
        let writer = try openWriter(storage)
        func write(_ range: Range<Int>) throws {
            for batch in Self.records(range) {
                try writer.append(batch, term: 1, at: 0)
                try writer.sync(at: 0)
            }
        }
        try write(0..<20)
        try #require(storage.segments.count == 2)
        var reader = try JournalReader(storage: storage)
        try write(20..<60)
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == 60 && reader.end?.torn == nil)
    }

    @Test func `whenever the process dies or the power goes in a roll-over, it goes on`() throws {
        let whole = try journal(Self.records(0..<12))
        let quiet = SimulatedStorage(copying: whole)
        try Self.goOn(quiet)
        for step in 0..<quiet.step {
            for variant in 0..<4 {
                let storage = SimulatedStorage(copying: whole)
                storage.random.state = UInt64(step * 4 + variant)
                storage.misfortunes[step] = .die(afterBytes: [0, 9, 700, 100_000][variant])
                try? Self.goOn(storage)
                storage.restart(losingPower: variant % 2 == 0)
                try Self.goOn(storage)
                storage.restart(losingPower: true)
                let found = try recover(storage)
                #expect(found.records.count >= 12, "call \(step), variant \(variant)")
                // The last one is missed from now on.
                storage.restart(losingPower: false)
                let last = try #require(storage.segments.last)
                guard last != firstSegment else { continue }
                storage.lose(last)
                let missed = damage { _ = try recover(storage) }?.why.contains(last)
                #expect(missed == true, "call \(step), variant \(variant)")
            }
        }
    }

    private static func goOn(_ storage: SimulatedStorage) throws {
        let writer = try openWriter(storage)
        for batch in records(20..<30) {
            try writer.append(batch, term: writer.term, at: 0)
            try writer.sync(at: 0)
        }
    }
}
