import Foundation
import SessionProtocol
import Sessions
import Testing

struct GoldenMessagesTests {
    @Test func `the evening says exactly the golden messages, byte for byte`() throws {
        let said = try Said.messages()
        if ProtocolFolder.isToBeWritten {
            for name in try ProtocolFolder.messages().keys where said[name] == nil {
                try ProtocolFolder.remove("messages/\(name).json")
            }
            for (name, bytes) in said {
                try ProtocolFolder.write(bytes + [UInt8(ascii: "\n")], to: "messages/\(name).json")
            }
        }
        let golden = try ProtocolFolder.messages()
        #expect(Set(golden.keys).symmetricDifference(said.keys) == [])
        for (name, bytes) in said {
            let kept = String(decoding: golden[name] ?? [], as: UTF8.self)
            #expect(kept == String(decoding: bytes, as: UTF8.self), "messages/\(name).json")
        }
    }

    @Test func `every golden command is decoded, and spelled again it is the same bytes`() throws {
        var decoder = MessageDecoder(limits: ProtocolLimits())
        for (name, bytes) in try ProtocolFolder.messages() where name.hasPrefix("command-") {
            let message = try decoder.decode(bytes)
            #expect(CommandWriter.message(message) == bytes, "messages/\(name).json")
        }
    }

    @Test func `there is a golden message of every command, reply, push and notice`() throws {
        let names = Set(try ProtocolFolder.messages().keys)
        for kind in CommandKind.allCases {
            #expect(names.contains("command-\(kind.rawValue)"))
            #expect(names.contains("reply-\(kind.rawValue)"))
        }
        #expect(names.isSuperset(of: ["command-session.join", "reply-session.join"]))
        for code in RefusalCode.allCases { #expect(names.contains("error-refused--\(code.rawValue)")) }
        let plain = names.filter { !$0.contains("--") }
        #expect(plain.count { $0.hasPrefix("push-") } == 48)
        #expect(
            plain.filter { $0.hasPrefix("notice-") }.sorted() == [
                "notice-attendance.count", "notice-breakouts.confirmed", "notice-chat.typing",
                "notice-rooms.pulse",
                "notice-tick", "notice-you",
            ]
        )
    }

    @Test func `a client tells replies, errors, pushes and notices apart`() throws {
        var reader = ServerMessageReader()
        for (name, bytes) in try ProtocolFolder.messages() where !name.hasPrefix("command-") {
            let message = try reader.read(bytes)
            #expect((message.ok != nil) == name.hasPrefix("reply-"), "\(name)")
            #expect((message.error != nil) == name.hasPrefix("error-"), "\(name)")
            #expect(message.isPush == name.hasPrefix("push-"), "\(name)")
            #expect(message.isNotice == name.hasPrefix("notice-"), "\(name)")
            #expect((message.at != nil) == message.isPush, "\(name)")
        }
    }

    @Test func `what a client missed is told in the same bytes as it was told live`() throws {
        let scene = try Evening.play()
        let again = scene.state.backlog.entries.compactMap { PushWriter.push($0, in: scene.state) }
        #expect(again == scene.pushes)
        #expect(again.count > 40)
    }

    @Test func `what a client missed of words that were changed since is told as they are now`() throws {
        let scene = try Workshop.play()
        let again = scene.state.backlog.entries.compactMap { PushWriter.push($0, in: scene.state) }
        #expect(again.count == scene.pushes.count && again.count > 60)
        let changed = zip(scene.pushes, again).filter { $0 != $1 }.map { String(decoding: $1, as: UTF8.self) }
        #expect(changed.count == 2)
        #expect(changed.first?.hasSuffix(#""from":"p3","text":"Is a half the same as 0.5?"}"#) == true)
        #expect(changed.last?.hasSuffix(#""from":"p4","text":null}"#) == true)
    }
}
