import Journal
import Testing

/// HOSTILE 70: the process is killed or the power goes at any byte of any call, several times in a row; everything
/// synced is read back, in order, nothing is invented, and groups are whole.
@Suite struct CrashTests {
    /// The journal's only user: its state is the list of all payloads, its checkpoints hold them.
    struct Life {
        var storage: SimulatedStorage
        var random: SplitMix64
        /// What anybody may have heard of.
        var acknowledged: [[UInt8]] = []
        /// What was asked to be written, in order, with what was acknowledged at the beginning.
        var tried: [[UInt8]] = []
        var number = 0

        init(seed: UInt64) {
            storage = SimulatedStorage(seed: seed)
            random = SplitMix64(state: seed &+ 77)
        }

        /// Starts, checks what is there, works until something happens.
        mutating func live() throws {
            let steps = 6 + Int(random.next() % 60)
            if random.next() % 3 == 0 { storage.misfortunes[Int(random.next() % 40)] = .short }
            if random.next() % 3 == 0 { storage.misfortunes[Int(random.next() % 40)] = .interrupt }
            storage.misfortunes[steps] = .die(afterBytes: Int(random.next() % 1_500))
            do {
                try work()
            } catch let fault as JournalFault {
                try #require(storage.isDown, "\(fault)")
            }
            storage.restart(losingPower: random.next() % 2 == 0)
        }

        private mutating func work() throws {
            let recovery = try JournalRecovery(storage: storage, limits: small)
            var state = recovery.checkpoint?.sections.map(\.payload) ?? []
            while let record = try recovery.next() {
                state.append(record.payload)
            }
            try #require(state.starts(with: acknowledged), "something acknowledged is gone")
            try #require(tried.starts(with: state), "something is there that nobody wrote")
            // 0x2B ends the payload of a record that another one belongs to.
            try #require(state.last?.last != 0x2B, "half a group is there")
            let writer = try recovery.makeWriter(mode: .batch, at: 0)
            acknowledged = state
            tried = state
            while true {
                try writeBatch(writer)
                if random.next() % 6 == 0 { try writeCheckpoint(writer) }
                if writer.spareIsDue() { try Segments.prepareSpare(in: storage, limits: small) }
            }
        }

        private mutating func writeBatch(_ writer: JournalWriter) throws {
            var batch: [NewRecord] = []
            for _ in 0...random.next() % 4 {
                number += 1
                var next = record(number, bytes: 14 + Int(random.next() % 700))
                next.continues = random.next() % 4 == 0
                next.payload[next.payload.count - 1] = next.continues ? 0x2B : 0x2E
                batch.append(next)
            }
            // The last of a batch is never continued.
            batch[batch.count - 1].payload[batch[batch.count - 1].payload.count - 1] = 0x2E
            tried += batch.map(\.payload)
            try writer.append(batch, term: writer.term, at: 0)
            try writer.sync(at: 0)
            acknowledged = tried
        }

        private func writeCheckpoint(_ writer: JournalWriter) throws {
            let checkpoint = Checkpoint(
                sequence: writer.lastSequence,
                term: writer.term,
                time: 0,
                encoding: 1,
                stateHash: 0,
                sections: acknowledged.map { .init(kind: 1, version: 1, payload: $0) }
            )
            try Checkpoints.write(checkpoint, journalSyncedThrough: writer.syncedThrough, to: storage)
            if let older = try Checkpoints.list(storage).last {
                _ = try Segments.remove(through: older, in: storage)
            }
        }
    }

    @Test(arguments: 0..<10)
    func `six crashes in a row lose nothing that was synced`(_ group: Int) throws {
        for seed in 0..<5 {
            var life = Life(seed: UInt64(group * 5 + seed))
            for _ in 0..<6 {
                try life.live()
            }
            #expect(life.number > 0)
        }
    }

    @Test func `killed at every byte of one write, the records before are there and the rest is a prefix`()
        throws
    {
        let whole = try journal([[record(1)], [record(2)]])
        let batch = [record(3, bytes: 60), record(4, bytes: 20, continues: true), record(5, bytes: 30)]
        for byte in 1..<250 {
            let storage = SimulatedStorage(copying: whole)
            let writer = try openWriter(storage)
            storage.misfortunes[storage.step] = .die(afterBytes: byte)
            #expect(throws: JournalFault.self) { try writer.append(batch, term: writer.term, at: 0) }
            storage.restart(losingPower: false)
            let found = try recover(storage)
            let count = found.records.count
            #expect([2, 3, 5].contains(count), "byte \(byte)")
            #expect(found.payloads == ([record(1), record(2)] + batch).prefix(count).map(\.payload))
        }
    }
}
