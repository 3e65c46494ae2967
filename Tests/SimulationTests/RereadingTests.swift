import Foundation
import Journal
import Sessions
import Testing

/// Folders that simulated servers have left, for others to replay.
///
/// `HASHES=folder SESSIONS=1000` has runs from `SEED` on written there, one folder each with what its sessions came to
/// beside it, until there are so many sessions; `.ci/hashes` lets built programs replay them.
@Suite struct RereadingTests {
    @Test func `a folder on the disk gives each session the state that the server had`() throws {
        let environment = ProcessInfo.processInfo.environment
        guard let path = environment["HASHES"] else { return try writeOne() }
        let wanted = try #require(Int(environment["SESSIONS"] ?? "1000"), "SESSIONS is a number")
        let first = try #require(UInt64(environment["SEED"] ?? "1"), "SEED is a number")
        let folder = URL(fileURLWithPath: path)
        var (found, archived, seed) = (0, 0, first)
        var tally = Tally()
        while found < wanted {
            let world = try World.make(Recipe(seed: seed, steps: 1_500))
            try world.run()
            try world.write(to: folder.appending(component: "seed-\(seed)"))
            tally += world.tally
            found += world.hashLines.count
            archived += world.ahead.usedIDs.count
            seed += 1
        }
        print(
            "\(found) sessions, \(archived) of them archived, in \(seed - first) folders: \(tally.commands) commands"
        )
        #expect(archived > 0 && archived < found)
        for kind in CommandKind.allCases {
            #expect(tally.outcomes[kind]?.accepted ?? 0 > 0, "\(kind.rawValue) was never done")
        }
    }

    private func writeOne() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            component: "plenary-\(UUID().uuidString)"
        )
        let beside = folder.appendingPathExtension("hashes")
        defer {
            try? FileManager.default.removeItem(at: folder)
            try? FileManager.default.removeItem(at: beside)
        }
        let world = try World.make(Recipe(seed: 11, steps: 300))
        try world.run()
        try world.write(to: folder)
        var found: [HashLine] = []
        let bad = try SessionHistories.fold(DiskStorage(directory: folder.path)) {
            session throws(JournalFault) in found.append(HashLine(session.state))
        }
        found.sort { $0.number < $1.number }
        #expect(bad.isEmpty && found.count > 1)
        let expected = try String(contentsOf: beside, encoding: .utf8)
        #expect(found.map { $0.text + "\n" }.joined() == expected)
    }
}
