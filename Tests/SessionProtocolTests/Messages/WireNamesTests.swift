import SessionProtocol
import Sessions
import Testing

/// The names of all cases, as on the wire.
private func names<Choice: WireChoice>(of _: Choice.Type) -> [String] {
    Choice.allCases.map { String($0.wireName.utf8) }
}

struct WireNamesTests {
    @Test func `each choice has names of its own`() {
        let all = [
            names(of: Role.self), names(of: Phase.self), names(of: Presence.self), names(of: AwayCause.self),
            names(of: EndReason.self), names(of: HostChangeReason.self), names(of: MoveReason.self),
            names(of: BreakoutMode.self), names(of: BreakoutPhase.self), names(of: LatePolicy.self),
            names(of: RoomSignal.self), names(of: EditName.self),
        ]
        for names in all { #expect(Set(names).count == names.count) }
        #expect(
            names(of: HostChangeReason.self).joined(separator: " ")
                == "arrived left dropped accepted given reclaimed removed"
        )
        #expect(names(of: RoomSignal.self) == ["done", "moreTime"])
        #expect(names(of: AwayCause.self) == ["closed", "silent", "slow", "server"])
    }

    @Test(arguments: [0, 1, 0x0123_4567_89AB_CDEF, .max] as [UInt64])
    func `an epoch is 16 digits, and read again it is the same`(bits: UInt64) throws {
        let epoch = Epoch(bits: bits)
        let join = JoinCommand(ticket: [], resume: Resume(epoch: epoch, after: 0))
        var decoder = MessageDecoder(limits: ProtocolLimits())
        #expect(try decoder.decode(CommandWriter.join(id: 1, join)) == .join(id: 1, join))
    }

    @Test(arguments: ["", "0", "0123456789abcdeg", "0123456789ABCDEF", "0123456789abcdef0"])
    func `other digits are no epoch`(text: String) {
        #expect(Epoch(hexadecimal: Array(text.utf8)) == nil)
    }

    @Test func `every refusal has a sentence for people`() {
        let sentences = RefusalCode.allCases.map { String($0.sentence.utf8) }
        #expect(Set(sentences).count == sentences.count)
        for sentence in sentences { #expect(sentence.hasSuffix(".") && sentence.count > 15) }
    }
}
