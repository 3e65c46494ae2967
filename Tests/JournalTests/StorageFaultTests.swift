import Glibc
import Testing

@testable import Journal

/// HOSTILE 68, 69, 73: a disk that refuses, at each call of a run that makes a folder, rolls over and checkpoints.
@Suite struct StorageFaultTests {
    /// What a run got acknowledged before it ended, and what it tried.
    struct Run {
        var acknowledged: [[UInt8]] = []
        var tried: [[UInt8]] = []
        var fault: JournalFault?
        var writer: JournalWriter?
    }

    static func run(_ storage: SimulatedStorage) -> Run {
        var run = Run()
        do throws(JournalFault) {
            let writer = try openWriter(storage)
            run.writer = writer
            for number in 0..<5 {
                let batch = [record(number, bytes: 500), record(number + 100, bytes: 600)]
                run.tried += batch.map(\.payload)
                try writer.append(batch, term: 1, at: 0)
                try writer.sync(at: 0)
                run.acknowledged += batch.map(\.payload)
                if number % 3 == 2 {
                    let done = checkpoint(writer.lastSequence)
                    try Checkpoints.write(done, journalSyncedThrough: writer.syncedThrough, to: storage)
                }
            }
        } catch {
            run.fault = error
        }
        return run
    }

    static let steps = {
        let storage = SimulatedStorage(seed: 1)
        #expect(run(storage).fault == nil)
        return storage.step
    }()

    static func payloads(_ storage: SimulatedStorage) throws -> [[UInt8]] {
        var reader = try JournalReader(storage: storage)
        var payloads: [[UInt8]] = []
        while let record = try reader.next() {
            payloads.append(record.payload)
        }
        return payloads
    }

    @Test(arguments: [EIO, ENOSPC, EROFS])
    func `a failure at any call is final, and everything acknowledged is there afterwards`(
        _ code: Int32
    ) throws {
        for step in 0..<Self.steps {
            let storage = SimulatedStorage(seed: UInt64(step))
            storage.misfortunes[step] = .fail(code)
            let run = Self.run(storage)
            // A checkpoint that cannot be read costs nothing; there is none to read here, so every call matters.
            switch run.fault {
            case .io(let failure): #expect(failure.code == code)
            case .cannotCreate(let failure): #expect(failure.code == code && code == EROFS)
            default: Issue.record("step \(step): \(String(describing: run.fault))")
            }
            storage.restart(losingPower: step % 3 == 0)
            let found = try recover(storage)
            _ = try found.recovery.makeWriter(mode: .batch, at: 0)
            let payloads = try Self.payloads(storage)
            #expect(payloads.starts(with: run.acknowledged), "step \(step)")
            #expect(run.tried.starts(with: payloads), "step \(step)")
        }
    }

    @Test func `after a failed write or sync the writer touches the disk no more, and says the same again`()
        throws
    {
        for (call, operation) in [StorageOperation.write, .sync].enumerated() {
            let storage = SimulatedStorage(seed: 1)
            let writer = try openWriter(storage)
            storage.misfortunes[storage.step + call] = .fail(EIO)
            let name = firstSegment
            let fault = JournalFault.io(IOFailure(operation: operation, file: name, code: EIO))
            let failed: () throws -> Void = {
                try writer.append([record(1)], term: 1, at: 0)
                try writer.sync(at: 0)
            }
            #expect(throws: fault) { try failed() }
            let step = storage.step
            #expect(throws: fault) { try writer.append([record(2)], term: 1, at: 0) }
            #expect(throws: fault) { try writer.sync(at: 0) }
            #expect(throws: fault) { try writer.syncNow() }
            #expect(throws: fault) { try writer.close(at: 0) }
            #expect(!writer.spareIsDue() && storage.step == step)
        }
    }

    @Test func `what a failed sync has not written is written again before anyone builds on it`() throws {
        for seed in 0..<20 as Range<UInt64> {
            let storage = SimulatedStorage(seed: seed)
            let writer = try openWriter(storage)
            storage.misfortunes[storage.step + 1] = .fail(EIO)
            try writer.append([record(1, bytes: 900)], term: 1, at: 0)
            #expect(throws: JournalFault.self) { try writer.sync(at: 0) }
            // The process ends, the machine goes on: the record can be read, but it is not on the disk.
            storage.restart(losingPower: false)
            let found = try recover(storage)
            #expect(found.payloads == [record(1, bytes: 900).payload])
            _ = try found.recovery.makeWriter(mode: .batch, at: 0)
            storage.restart(losingPower: true)
            #expect(try recover(storage).payloads == [record(1, bytes: 900).payload])
        }
    }

    @Test(arguments: [SimulatedStorage.Misfortune.short, .interrupt])
    func `a short or interrupted call at any step changes nothing`(
        _ misfortune: SimulatedStorage.Misfortune
    ) throws {
        for step in 0..<Self.steps {
            let storage = SimulatedStorage(seed: 1)
            storage.misfortunes[step] = misfortune
            let run = Self.run(storage)
            #expect(run.fault == nil, "step \(step)")
            #expect(try Self.payloads(storage) == run.acknowledged)
        }
    }

    @Test func `a short read changes nothing`() throws {
        let storage = try journal((0..<40).map { [record($0, bytes: 200)] })
        for step in 0..<40 {
            storage.misfortunes[storage.step + step] = .short
        }
        #expect(try recover(storage).records.count == 40)
    }

    @Test func `a read-only folder cannot be served, but read`() throws {
        let storage = try journal([[record(1)]])
        storage.isReadOnly = true
        let failure = IOFailure(operation: .lock, file: "lock", code: EROFS)
        #expect(throws: JournalFault.cannotCreate(failure)) { try recover(storage) }
        #expect(try Self.payloads(storage) == [record(1).payload])
    }
}
