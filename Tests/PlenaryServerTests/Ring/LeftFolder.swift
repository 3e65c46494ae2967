import Foundation
import Journal
import Sessions
import Testing

/// Folders as a server before has left them.
enum LeftFolder {
    /// A folder that is gone after `body`.
    static func with(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            component: "plenary-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    /// An evening that is over, or one that still lives, as the server before left it; a rehearsal is erased when it is
    /// over.
    static func leaveAnEvening(in folder: String, isOver: Bool = true, isRehearsal: Bool = false) throws {
        let recovery = try JournalRecovery(
            storage: DiskStorage(directory: folder),
            limits: JournalLimits(segmentBytes: 32 << 10)
        )
        #expect(try recovery.next() == nil)
        let now: Milliseconds = 1_700_000_000_000
        let writer = try recovery.makeWriter(mode: .batch, at: now)
        let created = Created(
            id: try #require(SessionID("evening".utf8)),
            epoch: Epoch(bits: 1),
            community: .empty,
            title: .empty,
            place: .empty,
            isRehearsal: isRehearsal
        )
        let joined = Joined(
            person: try #require(PersonID("host".utf8)),
            name: Text("Host"),
            school: .empty,
            ticketRole: .host,
            room: .main
        )
        let sent = ChatSent(from: SeatID(0), place: .room(.main), replyTo: nil, key: nil)
        var happened: [Occurrence] = [
            Occurrence(.created(created)), Occurrence(.joined(joined)),
            Occurrence(.chatSent(sent), text: Text("a rash word")),
            Occurrence(.chatDeleted(3, by: SeatID(0))),
        ]
        if isOver {
            let last = isRehearsal ? SessionEvent.sessionErased : .archived
            happened += [Occurrence(.ended(reason: .ended, endedAt: now)), Occurrence(last)]
        }
        var records: [NewRecord] = []
        for (index, one) in happened.enumerated() {
            let entry = SessionEntry(session: 1, seq: index + 1, at: now, event: one.event, text: one.text)
            EntryEncoding.append(.session(entry), to: &records)
        }
        try writer.append(records, term: writer.term, at: now)
        try writer.close(at: now)
    }

    /// The files in which these words stand.
    static func files(in folder: String, with words: String) throws -> [String] {
        let all = try #require(FileManager.default.enumerator(atPath: folder))
        return all.compactMap { $0 as? String }.filter { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)")?.range(of: Data(words.utf8)) != nil
        }
    }
}
