import Transport
import WebSocket

// From bytes to what is counted.
extension BenchCrowd {
    /// Longer frames are replies to joins: what they begin with is enough.
    private static let longFrame = 8_192

    /// Takes what came, less what is skipped and behind what was left.
    func hear(_ index: Int, _ bytes: RawSpan) {
        let skipped = min(members[index].skipped, bytes.byteCount)
        members[index].skipped -= skipped
        if members[index].unread.isEmpty {
            let taken = take(index, bytes, from: skipped)
            if taken < bytes.byteCount {
                members[index].unread = bytes.extracting(droppingFirst: taken).withUnsafeBytes { Array($0) }
            }
            return
        }
        var all = members[index].unread
        bytes.withUnsafeBytes { all += $0 }
        members[index].unread = []
        let taken = take(index, all.span.bytes, from: 0)
        members[index].unread = Array(all[taken...])
    }

    /// Takes the whole frames from a place on, and answers where they end.
    private func take(_ index: Int, _ bytes: RawSpan, from first: Int) -> Int {
        let own = members[index].talk?.mark ?? 0
        let notesDelays = schedule != nil
        let place = place
        var offset = first
        var heard = 0
        while offset < bytes.byteCount, let frame = BenchFrame(bytes, at: offset) {
            guard frame.end <= bytes.byteCount else {
                guard frame.end - offset > Self.longFrame, bytes.byteCount - frame.start >= 64 else { break }
                takeOther(index, frame, bytes)
                members[index].skipped = frame.end - bytes.byteCount
                offset = bytes.byteCount
                break
            }
            offset = frame.end
            if frame.end - frame.start > place {
                let mark = bytes.unsafeLoadUnaligned(fromByteOffset: frame.end - place, as: UInt64.self)
                if BenchTalk.isMark(mark) {
                    heard += 1
                    if mark == own { noteEcho(index) }
                    if notesDelays { noteDelay(bytes, at: frame.end - place) }
                    continue
                }
            }
            takeOther(index, frame, bytes)
        }
        members[index].heard += heard
        deliveries += heard
        return offset
    }

    /// All that is no chat: replies, other pushes, pings.
    private func takeOther(_ index: Int, _ frame: BenchFrame, _ bytes: RawSpan) {
        switch frame.opcode {
        case 1: takeText(index, bytes.extracting(frame.start..<min(frame.end, bytes.byteCount)))
        case 9:
            let payload = bytes.extracting(frame.start..<frame.end).withUnsafeBytes { Array($0) }
            sockets.send(FrameWriter.pong(payload, mask: Self.mask), on: members[index].number)
        default: break
        }
    }

    private func takeText(_ index: Int, _ text: RawSpan) {
        if text.begins(with: #"{"seq":"#) {
            members[index].seq = text.number(at: 7)
            return
        }
        guard text.begins(with: #"{"re":"#) else { return }
        guard !isRefusal(text) else {
            refusals += 1
            return
        }
        acknowledgements?.take(index, text.number(at: 6), at: readAt)
        guard members[index].stage == .asking else { return }
        members[index].stage = .here
        hereCount += 1
        guard text.begins(with: #"{"re":1,"ok":{"epoch":""#) else { return }
        // Behind the sixteen digits stands `","seq":`.
        members[index].epoch = text.hexadecimal(at: 23)
        members[index].seq = text.number(at: 47)
        members[index].hasResumed = text.ends(with: #""resumed":true}}"#)
    }

    /// Whether a reply, `{"re":7,` and so on, is an error.
    private func isRefusal(_ reply: RawSpan) -> Bool {
        for place in 6..<min(reply.byteCount, 27)
        where reply.unsafeLoad(fromByteOffset: place, as: UInt8.self) == UInt8(ascii: ",") {
            return reply.extracting(droppingFirst: place).begins(with: #","error""#)
        }
        return false
    }

    private func noteEcho(_ index: Int) {
        if members[index].echoes == 0 { answering.append(index) }
        members[index].echoes += 1
    }

    private func noteDelay(_ bytes: RawSpan, at text: Int) {
        let due = bytes.hexadecimal(at: text + BenchTalk.dueOffset)
        delays.record(readAt > due ? Int((readAt - due) / 1_000) : 0)
    }
}

extension RawSpan {
    /// Whether the first bytes are these.
    func begins(with text: StaticString) -> Bool {
        holds(text, at: 0)
    }

    /// Whether the last bytes are these.
    func ends(with text: StaticString) -> Bool {
        holds(text, at: byteCount - text.utf8CodeUnitCount)
    }

    private func holds(_ text: StaticString, at place: Int) -> Bool {
        guard place >= 0, byteCount - place >= text.utf8CodeUnitCount else { return false }
        return withUnsafeBytes { bytes in
            text.withUTF8Buffer { bytes[place...].starts(with: $0) }
        }
    }

    /// The digits that stand at a place, as a number.
    func number(at place: Int) -> Int {
        var value = 0
        for place in place..<min(byteCount, place + 18) {
            let digit = Int(unsafeLoad(fromByteOffset: place, as: UInt8.self)) - 0x30
            guard 0...9 ~= digit else { break }
            value = value * 10 + digit
        }
        return value
    }

    /// Sixteen hexadecimal digits, in small letters.
    func hexadecimal(at place: Int) -> UInt64 {
        guard place + 16 <= byteCount else { return 0 }
        var value: UInt64 = 0
        for place in place..<place + 16 {
            let digit = unsafeLoad(fromByteOffset: place, as: UInt8.self)
            value = value << 4 | UInt64((digit < 0x3A ? digit : digit &+ 9) & 15)
        }
        return value
    }
}
