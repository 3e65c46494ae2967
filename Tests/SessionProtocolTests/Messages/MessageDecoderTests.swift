import SessionProtocol
import Sessions
import Testing

/// Decodes one message on its own.
private func decoded(_ text: String) throws(MessageFault) -> ClientMessage {
    var decoder = MessageDecoder(limits: ProtocolLimits())
    return try decoder.decode(Array(text.utf8))
}

/// The fault of one message.
private func fault(_ text: String) -> MessageFault? {
    do {
        _ = try decoded(text)
        return nil
    } catch {
        return error
    }
}

private func refusal(_ text: String) -> Refusal? {
    guard case .refused(_, let refusal) = fault(text) else { return nil }
    return refusal
}

private let opening = #"{"id":1,"do":"breakouts.open","rooms":[{},{"name":"#

struct MessageDecoderTests {
    @Test func `a join has a ticket and perhaps where to go on`() throws {
        let join = try decoded(#"{"id":1,"do":"session.join","ticket":"a.b.c"}"#)
        #expect(join == .join(id: 1, JoinCommand(ticket: Array("a.b.c".utf8))))
        let back = try decoded(
            #"{"id":1,"do":"session.join","ticket":"","resume":{"after":7,"epoch":"00000000000000ff"}}"#
        )
        let resume = Resume(epoch: Epoch(bits: 255), after: 7)
        #expect(back == .join(id: 1, JoinCommand(ticket: [], resume: resume)))
    }

    @Test(arguments: ["", "7", "FF00000000000000", "of another server"])
    func `an epoch that is none of ours is like none`(epoch: String) throws {
        let join = try decoded(
            #"{"id":1,"do":"session.join","ticket":"t","resume":{"epoch":"\#(epoch)","after":1}}"#
        )
        #expect(join == .join(id: 1, JoinCommand(ticket: Array("t".utf8))))
    }

    @Test(
        arguments: [
            (#"{"id":1,"do":"session.join"}"#, "ticket"),
            (#"{"id":1,"do":"session.join","ticket":1}"#, "ticket"),
            (#"{"id":1,"do":"session.join","ticket":"","resume":1}"#, "resume"),
            (#"{"id":1,"do":"session.join","ticket":"","resume":{"after":1}}"#, "resume.epoch"),
            (#"{"id":1,"do":"session.join","ticket":"","resume":{"epoch":1,"after":1}}"#, "resume.epoch"),
            (
                #"{"id":1,"do":"session.join","ticket":"","resume":{"epoch":"ff00000000000000","after":-1}}"#,
                "resume.after"
            ),
        ]
    )
    func `a join that cannot be read names the field`(message: String, field: String) {
        #expect(refusal(message) == Refusal(.badValue, field: field))
    }

    @Test(
        arguments: [
            "", "[]", "7", "{", "{}x", "null", "\u{FEFF}{}", #"{"id":NaN,"do":"time.sync"}"#,
            #"{"id":1,"do":"time.sync",}"#, #"{"id":1,"id":2,"do":"time.sync"}"#,
            #"{"id":1/**/,"do":"time.sync"}"#,
            #"{"do":"time.sync"}"#, #"{"id":"1","do":"time.sync"}"#, #"{"id":0,"do":"time.sync"}"#,
            #"{"id":-1,"do":"time.sync"}"#, #"{"id":1.5,"do":"time.sync"}"#, #"{"id":1e3,"do":"time.sync"}"#,
            #"{"id":-0,"do":"time.sync"}"#, #"{"id":9007199254740992,"do":"time.sync"}"#,
            #"{"id":18446744073709551616,"do":"time.sync"}"#, #"{"id":1e400,"do":"time.sync"}"#,
            #"{"id":1,"do":"time.sync","x":"\ud800"}"#,
        ]
    )
    func `what has no id is malformed and answered without one`(message: String) {
        guard case .malformed(let id, _) = fault(message) else {
            Issue.record("\(message) was not malformed")
            return
        }
        #expect(id == nil)
    }

    @Test(arguments: [#"{"id":7}"#, #"{"id":7,"do":1}"#, #"{"id":7,"do":null}"#])
    func `what has an id but no command is malformed and answered with the id`(message: String) {
        guard case .malformed(7, _) = fault(message) else {
            Issue.record("\(message) was not malformed")
            return
        }
    }

    @Test(
        arguments: [
            "chat.whisper", "breakouts.merge", "Chat.send", "", "chat.sendx", "created", "session.join ",
        ]
    )
    func `a command that this server does not know is refused`(name: String) {
        #expect(refusal(#"{"id":1,"do":"\#(name)"}"#) == Refusal(.unknownCommand))
    }

    @Test(
        arguments: [
            (#"{"id":1,"do":"chat.send","room":"main","text":"hello","ifSeq":4}"#, "ifSeq"),
            (#"{"id":1,"do":"session.lock","locked":true,"ifSeq":4}"#, "ifSeq"),
            (#"{"id":1,"do":"breakouts.open","count":2,"leaders":[]}"#, "leaders"),
            (#"{"id":1,"do":"breakouts.open","rooms":[{},{"colour":"red"}]}"#, "rooms[1].colour"),
            (#"{"id":1,"do":"session.join","ticket":"","resume":{"since":4}}"#, "resume.since"),
            (#"{"id":1,"do":"time.sync","\u00e9\n":4}"#, "???"),
            (#"{"id":1,"do":"time.sync","":4}"#, ""),
        ]
    )
    func `a field that this server does not know is refused by its name`(message: String, field: String) {
        #expect(refusal(message) == Refusal(.unknownField, field: field))
    }

    @Test(
        arguments: [
            (#""do":"session.lock""#, "locked"), (#""do":"session.lock","locked":1"#, "locked"),
            (#""do":"session.end","seconds":"30""#, "seconds"),
            (#""do":"session.end","seconds":null"#, "seconds"),
            (#""do":"session.end","seconds":1.5"#, "seconds"),
            (#""do":"session.end","seconds":1e400"#, "seconds"),
            (#""do":"handoff.give""#, "to"), (#""do":"handoff.give","to":"two words""#, "to"),
            (#""do":"cohost.add","person":"""#, "person"), (#""do":"succession.set","order":"p1""#, "order"),
            (#""do":"succession.set""#, "order"), (#""do":"succession.set","order":[1]"#, "order"),
            (#""do":"room.enter","room":"Main""#, "room"), (#""do":"room.enter","room":"b01-1""#, "room"),
            (#""do":"room.confirm","room":"main""#, "seen"), (#""do":"chat.send","room":"main""#, "text"),
            (#""do":"chat.send","text":"a""#, "room"),
            (#""do":"chat.send","room":"main","text":" \n""#, "text"),
            (#""do":"chat.send","room":"main","text":"\u0000""#, "text"),
            (#""do":"chat.send","room":"main","text":"a","key":"""#, "key"),
            (#""do":"chat.send","room":"main","text":"a","key":"\u00e9""#, "key"),
            (#""do":"chat.send","room":"main","text":"a","replyTo":0"#, "replyTo"),
            (#""do":"chat.history","room":"main","limit":"all""#, "limit"),
            (#""do":"breakouts.open","mode":"random""#, "mode"),
            (#""do":"breakouts.open","rooms":{}"#, "rooms"),
            (#""do":"breakouts.open","rooms":[1]"#, "rooms"),
            (#""do":"breakouts.open","seed":-1"#, "seed"),
            (#""do":"breakouts.open","seed":9007199254740992"#, "seed"),
            (#""do":"breakouts.open","rooms":[{"name":""}]"#, "rooms[0].name"),
            (#""do":"breakouts.open","rooms":[{"name":"\u202eevil"}]"#, "rooms[0].name"),
            (#""do":"breakouts.open","rooms":[{"people":"p1"}]"#, "rooms[0].people"),
            (#""do":"breakouts.open","late":"never""#, "late"),
        ]
    )
    func `a value that a field cannot have is refused by the field's name`(fields: String, field: String) {
        #expect(refusal("{\"id\":1,\(fields)}") == Refusal(.badValue, field: field))
    }

    @Test(
        arguments: [
            (#"{"id":1,"do":"chat.send","room":"main","text":""#, #""}"#, 4_000, "text"),
            (#"{"id":1,"do":"chat.send","room":"main","text":"a","key":""#, #""}"#, 64, "key"),
            (#"{"id":1,"do":"breakouts.open","count":2,"task":""#, #""}"#, 2_000, "task"),
            (opening + "\"", #""}]}"#, 128, "rooms[1].name"),
            (opening + #""A","place":""#, #""}]}"#, 500, "rooms[1].place"),
            (#"{"id":1,"do":"cohost.add","person":""#, #""}"#, 64, "person"),
        ]
    )
    func `a text may be as long as its limit and no longer`(
        head: String,
        tail: String,
        limit: Int,
        field: String
    ) {
        #expect(refusal(head + String(repeating: "a", count: limit) + tail) == nil)
        #expect(
            refusal(head + String(repeating: "a", count: limit + 1) + tail) == Refusal(.tooLong, field: field)
        )
    }

    @Test func `a place may be empty and the words of a chat keep their markup and their lines`() throws {
        let open = try decoded(#"{"id":1,"do":"breakouts.open","rooms":[{"place":"","task":""}]}"#)
        let plan = OpenBreakouts(rooms: [RoomPlan(task: .empty)])
        #expect(open == .command(id: 1, .openBreakouts(plan)))
        let sent = try decoded(
            #"{"id":2,"do":"chat.send","room":"b1-2","text":"<b onclick='javascript:x()'>\n\tHi</b> \ud83d\udc4b"}"#
        )
        let message = SendChat(
            to: .room(.breakout(round: 1, number: 2)),
            text: Text("<b onclick='javascript:x()'>\n\tHi</b> 👋")
        )
        #expect(sent == .command(id: 2, .sendChat(message)))
    }

    @Test func `64 KiB of combining marks are refused wherever they stand`() {
        let marks = String(repeating: "\u{301}", count: 32_000)
        #expect(
            refusal(#"{"id":1,"do":"chat.send","room":"main","text":"\#(marks)"}"#)
                == Refusal(.tooLong, field: "text")
        )
        #expect(
            refusal(#"{"id":1,"do":"chat.send","room":"\#(marks)","text":"a"}"#)
                == Refusal(.tooLong, field: "room")
        )
        #expect(
            refusal(#"{"id":1,"do":"time.sync","\#(marks)":1}"#)
                == Refusal(.unknownField, field: String(repeating: "?", count: 64))
        )
        #expect(refusal(#"{"id":1,"do":"\#(marks)"}"#) == Refusal(.unknownCommand))
        #expect(refusal(#"{"id":1,"do":"breakouts.open","rooms":[{"name":"\#(marks)"}]}"#)?.code == .tooLong)
    }

    @Test func `31 marks on one letter are too many in a text that is short enough`() {
        let marks = String(repeating: "\u{301}", count: 31)
        #expect(
            refusal(#"{"id":1,"do":"chat.send","room":"main","text":"a\#(marks)"}"#)
                == Refusal(.badValue, field: "text")
        )
    }
}
