internal import Foundation
internal import SessionProtocol
package import Sessions
package import Tickets

/// What a demo keeps beside its journal, so that the links of yesterday work today: the secret, and which session
/// the links are for.
package struct DemoFolder {
    private static let lifetime: Milliseconds = 30 * 24 * 3_600_000
    private static let renewBefore: Milliseconds = 24 * 3_600_000

    private let folder: URL

    /// Makes the folder if need be.
    ///
    /// - Throws: `.cannotCreate`.
    package init(_ path: String) throws(ConfigurationFault) {
        folder = URL(fileURLWithPath: path, isDirectory: true)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw ConfigurationFault("The folder \(path) cannot be made.", exit: .cannotCreate)
        }
    }

    /// The folder's secret, made at the first start.
    package func secret() throws(ConfigurationFault) -> Secret {
        let file = folder.appending(component: "secret")
        if !FileManager.default.fileExists(atPath: file.path) {
            try write(Secret.makeText() + "\n", to: file)
        }
        return try Secret.read(fromFile: file.path)
    }

    /// The session that links are for, and when their tickets expire.
    ///
    /// The one of the last start as long as people may join it (`isOpen`), else a new one. The same answer gives
    /// the same tickets, to the letter.
    package func evening(
        at now: Milliseconds,
        isOpen: (SessionID) -> Bool
    ) throws(ConfigurationFault) -> (session: SessionID, expiresAt: Milliseconds) {
        let file = folder.appending(component: "demo.json")
        let kept = Self.read(file).flatMap { isOpen($0.session) ? $0 : nil }
        if let kept, kept.expiresAt - now > Self.renewBefore { return kept }
        let session = kept?.session ?? Self.newSession(isOpen)
        let expiresAt = (now + Self.lifetime) / 1_000 * 1_000
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("session", Array(session.text.utf8))
        writer.member("expiresAt", expiresAt)
        writer.endObject()
        try write(String(decoding: writer.bytes, as: UTF8.self) + "\n", to: file)
        return (session, expiresAt)
    }

    private static func read(_ file: URL) -> (session: SessionID, expiresAt: Milliseconds)? {
        guard let data = try? Data(contentsOf: file), data.count < 4_096 else { return nil }
        var reader = JSONReader()
        guard var object = try? reader.read(Array(data)), let text = object.take("session")?.text,
            let session = SessionID(text), let expiresAt = object.take("expiresAt")?.integer
        else { return nil }
        return (session, expiresAt)
    }

    private static func newSession(_ isOpen: (SessionID) -> Bool) -> SessionID {
        while true {
            let number = UInt32.random(in: 0..<1 << 30)
            if let session = SessionID("demo-\(String(number, radix: 36))".utf8), isOpen(session) {
                return session
            }
        }
    }

    /// Whole or not at all, and for the owner alone: `Demo` has set the process's mask.
    private func write(_ text: String, to file: URL) throws(ConfigurationFault) {
        do {
            try Data(text.utf8).write(to: file, options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        } catch {
            throw ConfigurationFault("\(file.path) cannot be written.", exit: .cannotCreate)
        }
    }
}
