import Foundation
import SessionProtocol
import Sessions
import Testing
import WebSocket

@testable import plenary_load

struct BenchTalkTests {
    private static let textBytes = 150

    /// The payload of the one frame that a talker says.
    private func said(_ dialect: BenchDialect, dueAt due: UInt64) throws -> [UInt8] {
        var talk = BenchTalk(member: 7, textBytes: Self.textBytes, dialect: dialect)
        var bytes: [UInt8] = []
        talk.append(dueAt: due, to: &bytes)
        var machine = FrameMachine(
            role: .server,
            limits: MessageLimits(maxMessageBytes: 4_096, maxFragments: 1)
        )
        var incoming: [Incoming] = []
        try machine.receive(bytes.span, into: &incoming)
        #expect(incoming.count == 1)
        guard case .text(let payload) = try #require(incoming.first) else { return [] }
        return payload
    }

    @Test func `Plenary is sent a chat message of the length that was asked for, with a key`() throws {
        var decoder = MessageDecoder(limits: ProtocolLimits())
        let message = try decoder.decode(said(.plenary, dueAt: 1))
        guard case .command(2, .sendChat(let chat), nil) = message else {
            Issue.record("not chat.send: \(message)")
            return
        }
        #expect(chat.target == .room(.main))
        #expect(chat.text.utf8.count == Self.textBytes)
        #expect(chat.key == Text("b2"))
    }

    @Test func `a bare room is sent what Plenary's push of that text would be, byte for byte`() throws {
        let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Protocol/messages/push-chat.sent.json")
        let push = try String(contentsOf: golden, encoding: .utf8).trimmingCharacters(in: .newlines)
        let bare = String(decoding: try said(.bare, dueAt: 1), as: UTF8.self)
        let parsed = try JSONDecoder().decode(Push.self, from: Data(bare.utf8))
        #expect(parsed.text.utf8.count == Self.textBytes)
        let wanted = try JSONDecoder().decode(Push.self, from: Data(push.utf8))
        let alike =
            bare.replacing(":\(parsed.seq),", with: ":\(wanted.seq),")
            .replacing("\(parsed.at)", with: "\(wanted.at)")
            .replacing(parsed.from, with: wanted.from)
            .replacing(parsed.text, with: wanted.text)
        #expect(alike == push)
    }

    private struct Push: Decodable {
        var seq: Int
        var at: Int
        var from: String
        var text: String
    }

    @Test func `whoever hears a message finds at its fixed place whose it is and when it was due`() throws {
        let due: UInt64 = 0x1234_5678_9abc_def0
        let payload = try said(.bare, dueAt: due)
        let start = payload.count - BenchTalk.place(textBytes: Self.textBytes)
        let mark = payload.span.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
        #expect(BenchTalk.isMark(mark))
        #expect(mark == BenchTalk(member: 7, textBytes: Self.textBytes, dialect: .plenary).mark)
        #expect(mark != BenchTalk(member: 8, textBytes: Self.textBytes, dialect: .plenary).mark)
        let found = payload.span.bytes.hexadecimal(at: start + BenchTalk.dueOffset)
        #expect(found == due)
        #expect(!BenchTalk.isMark(0))
    }
}

struct BenchScheduleTests {
    @Test func `everybody talks in turn, each when it was due, however late one looks`() {
        var schedule = BenchSchedule(talkers: [4, 9], burst: 8, gap: 100, start: 1_000, seconds: 5e-7)
        #expect(schedule.next(999) == nil)
        var said: [[UInt64]] = []
        while let (talker, due) = schedule.next(1_250) { said.append([UInt64(talker), due]) }
        #expect(said == [[4, 1_000], [9, 1_100], [4, 1_200]])
        #expect(!schedule.isDone)
        while let (talker, due) = schedule.next(100_000) { said.append([UInt64(talker), due]) }
        #expect(said.suffix(2) == [[9, 1_300], [4, 1_400]])
        #expect(schedule.isDone)
        #expect(schedule.lateness.count == 5)
        #expect(schedule.lateness.max == 98)
    }
}
