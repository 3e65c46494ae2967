import Foundation
import SessionProtocol
import Sessions
import Testing

struct GoldenMessagesTests {
    @Test func `the evening says exactly the golden messages, byte for byte`() throws {
        let said = try Evening.messages()
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
        let pushes = names.filter { $0.hasPrefix("push-") && !$0.contains("--") }
        #expect(pushes.count == 21)
        let notices = names.filter { $0.hasPrefix("notice-") && !$0.contains("--") }
        #expect(notices == ["notice-tick", "notice-attendance.count", "notice-breakouts.confirmed"])
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
}
