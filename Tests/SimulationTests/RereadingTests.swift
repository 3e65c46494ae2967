import Foundation
import Journal
import Sessions
import Testing

/// Folders that simulated servers have left, for others to replay.
///
/// `HASHES=folder SESSIONS=1000` has runs from `SEED` on written there, one folder each with what its sessions came to
/// beside it, until there are so many sessions; `.ci/hashes` lets built programs replay them.
@Suite struct RereadingTests {
    @Test func `a folder on the disk gives each session the state that the server had`() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let path = environment["HASHES"] else { return try writeOne() }
        let wanted = try #require(Int(environment["SESSIONS"] ?? "1000"), "SESSIONS is a number")
        let first = try #require(UInt64(environment["SEED"] ?? "1"), "SEED is a number")
        let lanes = ProcessInfo.processInfo.activeProcessorCount
        let written = try await withThrowingTaskGroup(of: Written.self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var written = Written()
                    var seed = first &+ UInt64(lane)
                    while written.sessions < (wanted + lanes - 1) / lanes {
                        try written.add(seed, in: URL(fileURLWithPath: path))
                        seed &+= UInt64(lanes)
                    }
                    return written
                }
            }
            return try await group.reduce(into: Written()) { $0 += $1 }
        }
        let done = CommandKind.allCases.map { ($0.rawValue, written.tally.outcomes[$0]?.accepted ?? 0) }
        let rarest = done.sorted { $0.1 < $1.1 }.prefix(3).map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        print(
            "\(written.sessions) sessions, \(written.archived) of them archived, in \(written.folders) folders:",
            "\(written.tally.commands) commands; least often done: \(rarest)"
        )
        #expect(written.archived > 0 && written.archived < written.sessions)
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

/// What was written into folders.
private struct Written {
    var folders = 0
    var sessions = 0
    var archived = 0
    var tally = Tally()

    /// Lives through a seed and writes its folder.
    ///
    /// Most runs are short: in a long one few sessions are begun.
    mutating func add(_ seed: UInt64, in parent: URL) throws {
        let world = try World.make(Recipe(seed: seed, steps: seed % 8 == 0 ? 1_500 : 200))
        try world.run()
        try world.write(to: parent.appending(component: "seed-\(seed)"))
        folders += 1
        sessions += world.hashLines.count
        archived += world.ahead.usedIDs.count { world.ended[$0] != nil }
        tally += world.tally
    }

    static func += (left: inout Written, right: Written) {
        left.folders += right.folders
        left.sessions += right.sessions
        left.archived += right.archived
        left.tally += right.tally
    }
}
