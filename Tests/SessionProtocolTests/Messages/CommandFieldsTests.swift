import SessionProtocol
import Sessions
import Testing

/// Decodes one command from what stands behind its `id`.
private func command(_ fields: String) throws(MessageFault) -> ClientMessage {
    var decoder = MessageDecoder(limits: ProtocolLimits())
    return try decoder.decode(Array("{\"id\":1,\(fields)}".utf8))
}

private func refusal(_ fields: String) -> Refusal? {
    do {
        _ = try command(fields)
        return nil
    } catch {
        guard case .refused(_, let refusal) = error else { return nil }
        return refusal
    }
}

/// A command with no more fields than it must have.
private func least(_ kind: CommandKind) -> String {
    let fields =
        switch kind {
        case .lock: #","locked":true"#
        case .offerHandoff, .giveHost: #","to":"p1""#
        case .addCohost, .removeCohost, .remove: #","person":"p1""#
        case .setSuccession: #","order":[]"#
        case .takeFloor, .extendBreakouts: #","seconds":1"#
        case .move: #","person":"p1","room":"main""#
        case .renameRoom: #","room":"b1-1","name":"A""#
        case .removeRoom, .enterRoom: #","room":"b1-1""#
        case .announce: #","text":"a""#
        case .confirmRoom: #","room":"main","seen":true"#
        case .signalRoom: #","signal":null"#
        case .pass: #","pass":true"#
        case .claimHelp, .resolveHelp, .withdrawHelp: #","help":1"#
        case .label: #","text":"""#
        case .mute: #","person":"p1","muted":true"#
        case .sendChat: #","room":"main","text":"a""#
        case .editChat: #","message":1,"text":"a""#
        case .deleteChat: #","message":1"#
        case .reactChat: #","message":1,"emoji":"same","on":true"#
        case .chatHistory: #","room":"main""#
        case .claimAttendance: #","from":0,"to":1"#
        case .acceptAttendance: #","person":"p1""#
        case .markAttendance: #","person":"p1","from":0,"to":1,"present":true,"reason":"a""#
        case .start, .end, .keep, .leave, .set, .timeSync, .acceptHandoff, .declineHandoff, .withdrawHandoff,
            .reclaimHost, .yieldFloor, .previewBreakouts, .openBreakouts, .addRoom, .closeBreakouts,
            .undoBreakouts, .askHelp, .raiseHand, .lowerHand, .chatSettings, .typing,
            .reportAttendance, .ownAttendance:
            ""
        }
    return "\"do\":\"\(kind.rawValue)\"\(fields)"
}

struct CommandFieldsTests {
    @Test func `a command with no more than it must have is decoded, and spelled the same`() throws {
        for kind in CommandKind.allCases {
            guard case .command(1, let decoded, nil) = try command(least(kind)) else {
                Issue.record("\(kind)")
                continue
            }
            #expect(decoded.kind == kind)
            #expect(CommandWriter.command(id: 1, decoded) == Array("{\"id\":1,\(least(kind))}".utf8))
        }
    }

    @Test func `every command refuses a field that it does not have`() {
        for kind in CommandKind.allCases {
            #expect(refusal(least(kind) + #","colour":"red""#) == Refusal(.unknownField, field: "colour"))
        }
    }

    @Test func `edits say on which state they rest`() throws {
        for kind in CommandKind.allCases where kind.edits != nil {
            let fields = least(kind) + #","ifSeq":7"#
            guard case .command(1, let decoded, 7) = try command(fields) else {
                Issue.record("\(kind)")
                continue
            }
            #expect(CommandWriter.command(id: 1, decoded, ifSeq: 7) == Array("{\"id\":1,\(fields)}".utf8))
            #expect(refusal(least(kind) + #","ifSeq":0"#) == nil)
            for wrong in ["-1", "null", "\"7\"", "1.5", "9007199254740992"] {
                let message = least(kind) + ",\"ifSeq\":\(wrong)"
                #expect(refusal(message) == Refusal(.badValue, field: "ifSeq"))
            }
        }
    }

    @Test func `no other command says on which state it rests`() {
        for kind in CommandKind.allCases where kind.edits == nil {
            #expect(refusal(least(kind) + #","ifSeq":7"#) == Refusal(.unknownField, field: "ifSeq"))
        }
    }

    @Test(
        arguments: [
            (#""do":"session.set","title":7"#, "title"), (#""do":"session.set","title":" ""#, "title"),
            (#""do":"session.set","place":"a\nb""#, "place"), (#""do":"session.set","place":null"#, "place"),
            (#""do":"handoff.offer""#, "to"), (#""do":"handoff.offer","to":1"#, "to"),
            (#""do":"floor.take""#, "seconds"), (#""do":"floor.take","seconds":"60""#, "seconds"),
            (#""do":"breakouts.preview","mode":"random""#, "mode"),
            (#""do":"breakouts.preview","facilitators":"p1""#, "facilitators"),
            (#""do":"breakouts.open","facilitators":[1]"#, "facilitators"),
            (#""do":"breakouts.open","facilitators":["two words"]"#, "facilitators"),
            (#""do":"breakouts.addRoom","name":"""#, "name"), (#""do":"breakouts.addRoom","task":1"#, "task"),
            (#""do":"breakouts.addRoom","place":"\u202e""#, "place"),
            (#""do":"breakouts.renameRoom","room":"b1-1""#, "name"),
            (#""do":"breakouts.renameRoom","room":"b1-1","name":"""#, "name"),
            (#""do":"breakouts.renameRoom","name":"A""#, "room"),
            (#""do":"breakouts.removeRoom","room":"1""#, "room"), (#""do":"breakouts.announce""#, "text"),
            (#""do":"breakouts.announce","text":" ""#, "text"), (#""do":"room.signal""#, "signal"),
            (#""do":"room.signal","signal":"undone""#, "signal"),
            (#""do":"room.signal","signal":true"#, "signal"),
            (#""do":"room.pass""#, "pass"), (#""do":"room.pass","pass":1"#, "pass"),
            (#""do":"help.ask","text":1"#, "text"), (#""do":"help.ask","text":"\u0007""#, "text"),
            (#""do":"help.ask","unnamed":null"#, "unnamed"), (#""do":"help.claim""#, "help"),
            (#""do":"help.claim","help":0"#, "help"), (#""do":"help.resolve","help":"1""#, "help"),
            (#""do":"help.withdraw","help":-1"#, "help"), (#""do":"hand.lower","person":null"#, "person"),
            (#""do":"participant.label""#, "text"), (#""do":"participant.label","text":" ""#, "text"),
            (#""do":"participant.label","text":"a\nb""#, "text"),
            (#""do":"participant.label","text":"\u202eevil""#, "text"),
            (#""do":"participant.label","text":"a","person":"""#, "person"),
            (#""do":"participant.mute","person":"p1""#, "muted"),
            (#""do":"participant.mute","muted":true"#, "person"),
            (#""do":"participant.remove""#, "person"),
        ]
    )
    func `a value that a field cannot have is refused by the field's name`(fields: String, field: String) {
        #expect(refusal(fields) == Refusal(.badValue, field: field))
    }

    @Test(
        arguments: [
            (#""do":"chat.send","text":"a""#, "room"),
            (#""do":"chat.send","room":"main","person":"p1","text":"a""#, "room"),
            (#""do":"chat.send","person":1,"text":"a""#, "person"), (#""do":"chat.history""#, "room"),
            (#""do":"chat.history","room":"main","person":"p1""#, "room"),
            (#""do":"chat.history","room":"main","before":0"#, "before"),
            (#""do":"chat.typing","room":"main","person":"p1""#, "room"),
            (#""do":"chat.typing","room":null"#, "room"),
            (#""do":"chat.edit","text":"a""#, "message"), (#""do":"chat.edit","message":1"#, "text"),
            (#""do":"chat.edit","message":1,"text":"""#, "text"), (#""do":"chat.delete""#, "message"),
            (#""do":"chat.delete","message":1.5"#, "message"),
            (#""do":"chat.react","message":1,"emoji":"👍""#, "on"),
            (#""do":"chat.react","message":1,"on":true"#, "emoji"),
            (#""do":"chat.react","emoji":"👍","on":true"#, "message"),
            (#""do":"chat.react","message":1,"emoji":"like","on":true"#, "emoji"),
            (#""do":"chat.react","message":1,"emoji":"","on":true"#, "emoji"),
            (#""do":"chat.react","message":1,"emoji":7,"on":true"#, "emoji"),
            (#""do":"chat.react","message":1,"emoji":"👍👍👍👍👍👍👍👍👍","on":true"#, "emoji"),
            (#""do":"chat.settings","locked":"yes""#, "locked"),
            (#""do":"chat.settings","slowSeconds":null"#, "slowSeconds"),
        ]
    )
    func `a message's place, number and sign are refused when they are none`(fields: String, field: String) {
        #expect(refusal(fields) == Refusal(.badValue, field: field))
    }

    @Test(
        arguments: [
            (#""do":"session.set","title":""#, "", 128, "title"),
            (#""do":"session.set","place":""#, "", 500, "place"),
            (#""do":"handoff.offer","to":""#, "", 64, "to"),
            (#""do":"breakouts.preview","count":2,"task":""#, "", 2_000, "task"),
            (#""do":"breakouts.open","count":2,"facilitators":[""#, "]", 64, "facilitators"),
            (#""do":"breakouts.addRoom","name":""#, "", 128, "name"),
            (#""do":"breakouts.addRoom","task":""#, "", 2_000, "task"),
            (#""do":"breakouts.addRoom","place":""#, "", 500, "place"),
            (#""do":"breakouts.renameRoom","room":"b1-1","name":""#, "", 128, "name"),
            (#""do":"breakouts.announce","text":""#, "", 1_000, "text"),
            (#""do":"help.ask","text":""#, "", 500, "text"),
            (#""do":"hand.lower","person":""#, "", 64, "person"),
            (#""do":"participant.label","text":""#, "", 40, "text"),
            (#""do":"chat.send","text":"a","person":""#, "", 64, "person"),
            (#""do":"chat.edit","message":1,"text":""#, "", 4_000, "text"),
        ]
    )
    func `a text may be as long as its limit and no longer`(
        head: String,
        tail: String,
        limit: Int,
        field: String
    ) {
        #expect(refusal(head + String(repeating: "a", count: limit) + "\"" + tail) == nil)
        #expect(
            refusal(head + String(repeating: "a", count: limit + 1) + "\"" + tail)
                == Refusal(.tooLong, field: field)
        )
    }

    @Test func `60 KiB of marks are refused in every text and never become one`() {
        let marks = String(repeating: "\u{301}", count: 30_000)
        let texts = [
            (#""do":"session.set","title":""#, "title"), (#""do":"breakouts.announce","text":""#, "text"),
            (#""do":"help.ask","text":""#, "text"), (#""do":"participant.label","text":""#, "text"),
            (#""do":"chat.edit","message":1,"text":""#, "text"),
        ]
        for (head, field) in texts {
            #expect(refusal("\(head)\(marks)\"") == Refusal(.tooLong, field: field))
        }
        let sign = #""do":"chat.react","message":1,"on":true,"emoji":"\#(marks)""#
        #expect(refusal(sign) == Refusal(.badValue, field: "emoji"))
        #expect(refusal(#""do":"room.signal","signal":"\#(marks)""#) == Refusal(.badValue, field: "signal"))
    }

    @Test func `limits of texts are the operator's`() {
        var limits = ProtocolLimits()
        (limits.announcementBytes, limits.helpBytes, limits.labelBytes) = (3, 4, 5)
        var decoder = MessageDecoder(limits: limits)
        let texts = [
            (#""do":"breakouts.announce","text":"abcd""#, "abc"),
            (#""do":"help.ask","text":"abcde""#, "abcd"),
            (#""do":"participant.label","text":"abcdef""#, "abcde"),
        ]
        for (fields, longest) in texts {
            #expect(throws: MessageFault.refused(id: 1, Refusal(.tooLong, field: "text"))) {
                try decoder.decode(Array("{\"id\":1,\(fields)}".utf8))
            }
            let shorter = fields.prefix { $0 != "," } + ",\"text\":\"\(longest)\""
            #expect(throws: Never.self) { try decoder.decode(Array("{\"id\":1,\(shorter)}".utf8)) }
        }
    }

    @Test func `what may be empty may be empty`() throws {
        let fields = [
            #""do":"session.set","title":"","place":"""#, #""do":"participant.label","text":"""#,
            #""do":"help.ask","text":"""#, #""do":"breakouts.addRoom","task":"","place":"""#,
        ]
        #expect(try command(fields[0]) == .command(id: 1, .set(title: .empty, place: .empty)))
        #expect(try command(fields[1]) == .command(id: 1, .label(nil, .empty)))
        #expect(try command(fields[2]) == .command(id: 1, .askHelp(.empty, unnamed: false)))
        #expect(try command(fields[3]) == .command(id: 1, .addRoom(RoomPlan(task: .empty))))
    }
}
