import Journal
import Sessions
import Testing

/// The list of erasures: what it says, what it does not, and that it is there before the erasing is.
@Suite struct ErasureListTests {
    private var person: ErasureList.Subject {
        get throws { .person(try ErasingFolder.person, as: try ErasingFolder.pseudonym) }
    }

    private func list() throws -> ErasureList {
        var list = ErasureList()
        list.add(ErasureList.Entry(try person, at: 1_790_000_000_000))
        list.add(ErasureList.Entry(.session(try id("evening-1"), Epoch(bits: 0xABC)), at: 1_790_000_000_001))
        list.add(ErasureList.Entry(.session(try id("evening-2"), nil), at: 1_790_000_000_002))
        return list
    }

    @Test func `what is written is read again, and names nobody`() throws {
        let list = try list()
        let text = String(decoding: list.encoded(), as: UTF8.self)
        #expect(text.split(separator: "\n").count == 4 && text.hasPrefix("plenary erasures 1\n"))
        #expect(!text.contains(ErasingFolder.canary))
        #expect(try ErasureList(list.encoded(), file: "erasures") == list)
        #expect(
            try list.has(person)
                && !list.has(.person(try ErasingFolder.person, as: #require(PersonID("x".utf8))))
        )
    }

    @Test func `an id is found by its digest, with its pseudonym and no other`() throws {
        let other = try #require(PersonID("erased-000000000000".utf8))
        #expect(try person == .person(try ErasingFolder.person, as: try ErasingFolder.pseudonym))
        #expect(try person != .person(try ErasingFolder.person, as: other))
        #expect(try person != .person(#require(PersonID("somebody".utf8)), as: try ErasingFolder.pseudonym))
    }

    @Test func `each flipped bit is found, and a line that does not end`() throws {
        let whole = try list().encoded()
        for bit in 0..<whole.count * 8 {
            var bytes = whole
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: JournalFault.self, "bit \(bit)") { _ = try ErasureList(bytes, file: "erasures") }
        }
        for count in 0..<whole.count where count == 0 || whole[count - 1] != 0x0A {
            #expect(throws: JournalFault.self) {
                _ = try ErasureList(Array(whole.prefix(count)), file: "erasures")
            }
        }
        let newer = Array("plenary erasures 2\n".utf8)
        #expect(throws: JournalFault.newerVersion(file: "erasures", found: 2, known: 1)) {
            _ = try ErasureList(newer, file: "erasures")
        }
    }

    @Test func `who is erased is in the list, once, and the list is verified with the rest`() throws {
        let storage = try ErasingFolder.make()
        #expect(try ErasureList.read(storage).entries.isEmpty)
        try ErasingFolder.erase(try ErasingFolder.person, in: storage)
        storage.restart(losingPower: true)
        let entries = try ErasureList.read(storage).entries
        #expect(try entries.map(\.subject) == [person] && entries[0].at > 1_790_000_000_000)
        #expect(storage.traces(of: ErasingFolder.canary) == [])
        try ErasingFolder.erase(try ErasingFolder.person, in: storage)
        #expect(try ErasureList.read(storage).entries == entries)
        #expect(try Verified(storage).isSound)
        storage.flip(bit: 8 * 30, of: ErasureList.file)
        #expect(try !Verified(storage).isSound)
        #expect(
            damage { try ErasingFolder.erase(try id("x").asPerson, as: try id("y").asPerson, in: storage) }
                != nil
        )
    }

    @Test func `sessions are in the list, in memory or archived, and rehearsals are not`() throws {
        let storage = SimulatedStorage(seed: 9)
        let server = try SmallServer(storage)
        let live = try server.open("live")
        try server.close(try server.open("archived"))
        try server.close(try server.open("rehearsal", isRehearsal: true))
        try server.checkpoint()
        try server.happen(.sessionErased, in: live)
        try server.erase([:], sessions: [try id("archived")])
        let listed = try ErasureList.read(storage).entries.map(\.subject)
        let epochs = [1, 2].map { Epoch(bits: UInt64($0) &* 0x9E37_79B9_7F4A_7C15) }
        #expect(try listed == [.session(id("live"), epochs[0]), .session(id("archived"), epochs[1])])
        #expect(storage.archives == [])
    }
}

extension SessionID {
    fileprivate var asPerson: PersonID {
        get throws { try #require(PersonID(text.utf8)) }
    }
}
