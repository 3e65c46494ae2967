import Journal
import Sessions
import Testing

/// Archives, segments and checkpoints that are not what they should be.
@Suite struct ArchiveDamageTests {
    private let server: SmallServer
    private var storage: SimulatedStorage { server.storage }
    private let file = "archive/evening.log"

    /// A session that is archived, while its segment stays for another one.
    init() throws {
        server = try SmallServer(SimulatedStorage(seed: 6))
        _ = try server.open("lasting")
        let evening = try server.open("evening")
        for number in 1...9 { try server.say("evening \(number)", in: evening) }
        try server.close(evening)
        try server.checkpoint()
    }

    private func restarted() throws -> SmallServer {
        storage.restart(losingPower: false)
        let server = try SmallServer(storage)
        try server.say("once more", in: 1)
        return server
    }

    @Test func `each flipped bit and each shortening of an archive is found`() throws {
        let bytes = try #require(storage.bytes(of: file))
        for bit in 0..<8 * bytes.count {
            storage.replace(file, by: bytes)
            storage.flip(bit: bit, of: file)
            let fault = try ArchiveFinding(try id("evening"), in: storage).fault
            // The end of a record, behind its payload, is the only place that says nothing.
            #expect(fault != nil || bytes[bit / 8] == 0xFF, "bit \(bit)")
        }
        for length in bytes.indices {
            storage.replace(file, by: Array(bytes.prefix(length)))
            #expect(try ArchiveFinding(try id("evening"), in: storage).fault != nil, "length \(length)")
        }
        storage.replace(file, by: bytes + [0])
        #expect(try ArchiveFinding(try id("evening"), in: storage).fault != nil)
    }

    @Test func `an archive that went bad is written anew while the segments have its records`() throws {
        let sound = try #require(storage.bytes(of: file))
        for bytes in [
            sound.dropLast(), sound.prefix(165) + [sound[165] ^ 1] + sound.dropFirst(166), sound + [0],
        ] {
            storage.replace(file, by: Array(bytes))
            let report = try restarted().checkpoint()
            #expect(report.archived == [try id("evening")])
            #expect(storage.bytes(of: file) == sound)
        }
    }

    @Test(arguments: [true, false])
    func `a file of that name that is not ours is left as it is, said, and keeps the segments`(
        isArchive: Bool
    ) throws {
        var bytes = Array("no archive at all".utf8)
        if isArchive {
            let elsewhere = try SmallServer(SimulatedStorage(seed: 9))
            _ = try elsewhere.open("other")
            _ = try elsewhere.open("another")
            let namesake = try elsewhere.open("evening")
            try elsewhere.close(namesake)
            try elsewhere.checkpoint()
            bytes = try #require(elsewhere.storage.bytes(of: file))
        }
        storage.replace(file, by: bytes)
        let server = try restarted()
        try server.close(1)
        let report = try server.checkpoint()
        #expect(report.archived == [try id("lasting")] && report.faults.count == 1)
        #expect("\(report.faults)".contains(file))
        #expect(storage.bytes(of: file) == bytes)
        _ = try server.open("next")
        try server.checkpoint()
        #expect(storage.files(with: "evening 9").contains { $0.hasPrefix("segments/") })
    }

    @Test func `nothing goes when one of the two checkpoints does not hold`() throws {
        let again = try restarted()
        for number in 1...80 { try again.say("lasting \(number)", in: 1) }
        try again.close(1)
        try again.writeCheckpoint()
        let next = try again.open("next")
        try again.say("hello", in: next)
        let newest = try #require(storage.names.last { $0.hasPrefix("checkpoints/") })
        storage.flip(bit: 500, of: newest)
        let segments = storage.segments
        #expect(throws: JournalFault.self) { try again.checkpoint() }
        #expect(storage.segments.starts(with: segments))
        try again.say("and", in: next)
        try again.checkpoint()
        try again.say("on", in: next)
        try again.checkpoint()
        #expect(!storage.segments.starts(with: segments))
    }

    @Test func `an archive of a newer version is said to be newer`() throws {
        var bytes = try #require(storage.bytes(of: file))
        bytes[8] = 9
        var check = Checksum.crc32c(bytes.span.bytes.extracting(0..<100))
        bytes.replaceSubrange(100..<104, with: (0..<4).map { UInt8(truncatingIfNeeded: check >> ($0 * 8)) })
        check = Checksum.crc32c(bytes.span.bytes.extracting(0..<156))
        bytes.replaceSubrange(156..<160, with: (0..<4).map { UInt8(truncatingIfNeeded: check >> ($0 * 8)) })
        storage.replace(file, by: bytes)
        let fault = try ArchiveFinding(try id("evening"), in: storage).fault
        #expect(fault == .newerVersion(file: file, found: 9, known: 1))
    }

    @Test func `a session that could not have been is not archived, and the others are`() throws {
        var records: [NewRecord] = []
        // The numbers of its events do not follow each other.
        let stray = SessionEntry(
            session: 1,
            seq: 999,
            at: server.now,
            event: .handRaised(SeatID(1)),
            text: nil
        )
        EntryEncoding.append(.session(stray), to: &records)
        try server.writer.append(records, term: server.writer.term, at: server.now)
        try server.writer.syncNow()
        try server.close(1)
        let good = try server.open("good")
        try server.close(good)
        let report = try server.checkpoint()
        #expect(report.archived == [try id("good")] && report.faults.count == 1)
        #expect(!storage.archives.contains { $0.contains("lasting") })
    }
}
