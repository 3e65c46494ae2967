import Foundation
import Journal
import Sessions

/// A session's last state as `plenary replay --hashes` prints it.
struct HashLine: Equatable {
    var session: SessionID
    var number: SessionNumber
    var seq: Int
    var hash: UInt64

    init(_ state: SessionState) {
        session = state.id
        number = state.number
        seq = state.seq
        hash = ImageEncoding.stateHash(of: state)
    }

    var text: String {
        let digits = String(hash, radix: 16)
        return "\(session.text) \(seq) \(String(repeating: "0", count: 16 - digits.count))\(digits)"
    }
}

/// What somebody finds who reads the folder beside the server.
extension World {
    /// Of all sessions that the server has or had, in the order of their numbers: what its own states come to.
    var hashLines: [HashLine] {
        let live = ahead.risingNumbers.compactMap { ahead.sessions[$0].map { HashLine($0.state) } }
        return (live + ahead.usedIDs.compactMap { ended[$0] }).sorted { $0.number < $1.number }
    }

    /// Archives and segments, replayed by themselves, give each session the state that the server has or had.
    func checkRereading() throws(Broken) {
        var found: [HashLine] = []
        do throws(JournalFault) {
            // A copy: looking must not change what happens next.
            let bad = try SessionHistories.fold(SimulatedStorage(copying: storage)) {
                session throws(JournalFault) in found.append(HashLine(session.state))
            }
            if let first = bad.first { throw first.fault }
        } catch {
            throw Broken("reading beside the server: \(error)")
        }
        found.sort { $0.number < $1.number }
        guard found == hashLines else {
            let wrong = zip(found, hashLines).first { $0 != $1 }
            throw Broken(
                "replayed beside the server: \(wrong?.0.text ?? "too few"), not \(wrong?.1.text ?? "so many")"
            )
        }
    }

    /// Puts the folder as it is at `folder`, and beside it, in `folder.hashes`, what its sessions come to.
    func write(to folder: URL) throws {
        for name in storage.names {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(storage.bytes(of: name) ?? []).write(to: file)
        }
        let lines = hashLines.map { $0.text + "\n" }.joined()
        try Data(lines.utf8).write(to: folder.appendingPathExtension("hashes"))
    }
}
