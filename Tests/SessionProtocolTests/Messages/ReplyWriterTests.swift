import SessionProtocol
import Sessions
import Testing

struct ReplyWriterTests {
    @Test func `a stale command is told what was changed by whom, and what came about by itself`() throws {
        let edits = [
            Edit(seq: 7, what: .moved, by: SeatID(1)), Edit(seq: 9, what: .hostChanged, by: nil),
        ]
        let error = ReplyWriter.error(re: 4, Refusal(staleBecauseOf: edits), in: try Crowd.state(2))
        #expect(
            String(decoding: error, as: UTF8.self).hasSuffix(
                #""changed":[{"seq":7,"on":"participant.moved","by":"p2"},{"seq":9,"on":"host.changed","by":null}]}}"#
            )
        )
    }

    @Test func `every edit has the name of its push`() throws {
        var names: Set<String> = []
        for state in [try Evening.play().state, try Workshop.play().state] {
            for edit in state.edits.entries {
                let entry = state.backlog.entries.first { $0.seq == edit.seq }
                #expect(entry?.event.wireName == edit.what.wireName)
                names.insert(String(edit.what.wireName.utf8))
            }
        }
        #expect(names.count == EditName.allCases.count)
    }

    @Test func `limits of all texts are told to whoever joins`() throws {
        var limits = ProtocolLimits()
        (limits.announcementBytes, limits.helpBytes, limits.labelBytes) = (901, 402, 33)
        let state = try Crowd.state(1)
        let reply = JoinedReply(seat: SeatID(0), now: 0, isResumed: true, common: [], limits: limits)
        let told = String(decoding: ReplyWriter.joined(re: 1, reply, in: state), as: UTF8.self)
        #expect(told.contains(#""taskBytes":2000,"announcementBytes":901,"helpBytes":402,"placeBytes":500,"#))
        #expect(told.contains(#""nameBytes":128,"labelBytes":33,"keyBytes":64,"#))
    }
}
