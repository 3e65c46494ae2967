import Journal
import Sessions
import Testing

/// The image of all sessions as a checkpoint's sections.
@Suite struct ImageEncodingTests {
    let image: CheckpointImage

    init() throws {
        let evening = try ScriptedEvening()
        image = CheckpointImage(of: evening.table, at: evening.now)
    }

    /// The image when every word in it is forgotten.
    private func silent(_ image: CheckpointImage) -> CheckpointImage {
        var image = image
        for index in image.states.indices {
            var messages = image.states[index].messages.messages
            for place in messages.indices { messages[place].text = nil }
            image.states[index].messages = MessageLog(messages: messages)
            for place in image.states[index].help.indices { image.states[index].help[place].text = nil }
            for place in image.states[index].seats.indices {
                image.states[index].seats[place].label = .empty
                for mark in image.states[index].seats[place].marks.indices {
                    image.states[index].seats[place].marks[mark].reason = nil
                }
            }
            var entries = image.states[index].backlog.entries
            for place in entries.indices { entries[place].text = nil }
            let reachesBackTo = image.states[index].backlog.reachesBackTo
            image.states[index].backlog = Backlog(entries: entries, reachesBackTo: reachesBackTo)
        }
        return image
    }

    /// The same with spaces for all words, and another id for each person: their lengths are all that a hash may tell.
    private func blanked(_ state: SessionState) -> SessionState {
        func blank(_ text: inout Text) { text = Text(utf8: Array(repeating: 0x20, count: text.utf8.count)) }
        var state = state
        let messages = state.messages.messages.map { message in
            var message = message
            if var text = message.text {
                blank(&text)
                message.text = text
            }
            return message
        }
        state.messages = MessageLog(messages: messages)
        blank(&state.community)
        blank(&state.title)
        blank(&state.place)
        state.seatByPerson = [:]
        for index in state.seats.indices {
            blank(&state.seats[index].name)
            blank(&state.seats[index].school)
            blank(&state.seats[index].label)
            for mark in state.seats[index].marks.indices {
                guard var reason = state.seats[index].marks[mark].reason else { continue }
                blank(&reason)
                state.seats[index].marks[mark].reason = reason
            }
            if let other = PersonID("erased-\(index)".utf8) { state.seats[index].person = other }
            state.seatByPerson[state.seats[index].person] = SeatID(index)
            var keys = Array(state.seats[index].keys.all)
            for key in keys.indices { blank(&keys[key].key) }
            state.seats[index].keys = MessageKeys(keys)
        }
        for index in state.rooms.indices {
            blank(&state.rooms[index].setup.name)
            blank(&state.rooms[index].setup.task)
            blank(&state.rooms[index].setup.place)
        }
        return state
    }

    private func hash(_ image: CheckpointImage) -> UInt64 {
        ImageEncoding.stateHash(of: ImageEncoding.sections(of: image))
    }

    @Test func `an image comes back as it was, and is spelled the same again`() throws {
        let sections = ImageEncoding.sections(of: image)
        let read = try ImageEncoding.image(of: sections, at: image.at)
        #expect(read == image)
        #expect(ImageEncoding.sections(of: read) == sections)
        #expect(image.usedIDs.count == 3)
    }

    @Test func `at any moment of the evening the image comes back as it was`() throws {
        var table = SessionTable()
        for case .session(let entry) in try ScriptedEvening().entries {
            table.apply(entry)
            let image = CheckpointImage(of: table, at: entry.at)
            let sections = ImageEncoding.sections(of: image)
            #expect(try ImageEncoding.image(of: sections, at: entry.at) == image)
        }
    }

    @Test func `the state hash leaves words out, and nothing else`() throws {
        var blanked = image
        blanked.states = image.states.map(self.blanked)
        #expect(blanked.states != image.states)
        #expect(hash(blanked) == hash(image))
        let people = image.states.flatMap { state in
            state.seats.map { String(decoding: $0.name.utf8, as: UTF8.self) }.filter { !$0.isEmpty }
        }
        for section in ImageEncoding.sections(of: image) where section.kind == 2 {
            for words in people + [
                "A better question", "Mathematics", "Ten minutes left", "The link is broken",
                "Not in the video",
            ] {
                #expect(!section.payload.contains(Array(words.utf8)), "\(words)")
            }
        }

        var other = image
        other.states[0].locked.toggle()
        #expect(hash(other) != hash(image))
        other = image
        other.lastNumber += 1
        #expect(hash(other) != hash(image))
        other = image
        other.states[0].seats[0].name = Text("longer than it was")
        #expect(hash(other) != hash(image))
    }

    @Test func `forgotten words come back as forgotten`() throws {
        let silent = silent(image)
        let read = try ImageEncoding.image(of: ImageEncoding.sections(of: silent), at: silent.at)
        #expect(read == silent)
    }

    @Test func `a section that is cut short is refused`() {
        let sections = ImageEncoding.sections(of: image)
        for index in sections.indices {
            for length in stride(from: 0, to: sections[index].payload.count, by: 29) {
                var cut = sections
                cut[index].payload.removeLast(cut[index].payload.count - length)
                #expect(throws: SpellingFault.self, "section \(index), \(length) bytes") {
                    _ = try ImageEncoding.image(of: cut, at: image.at)
                }
            }
        }
    }

    @Test func `a flipped bit is refused, or gives another hash, or other words`() throws {
        let sections = ImageEncoding.sections(of: image)
        let known = ImageEncoding.stateHash(of: sections)
        for index in sections.indices {
            for bit in stride(from: index, to: sections[index].payload.count * 8, by: 41) {
                var flipped = sections
                flipped[index].payload[bit / 8] ^= 1 << UInt8(bit % 8)
                guard let read = try? ImageEncoding.image(of: flipped, at: image.at) else { continue }
                // As recovery does it: the hash of what was understood, not of what was read.
                #expect(
                    hash(read) != known || [3, 4].contains(sections[index].kind),
                    "section \(index), bit \(bit)"
                )
            }
        }
    }

    @Test func `sections of an unknown kind or version are refused`() {
        var sections = ImageEncoding.sections(of: image)
        sections[0].version = 2
        #expect(throws: SpellingFault.unknownVersion(kind: 1, version: 2)) {
            _ = try ImageEncoding.image(of: sections, at: image.at)
        }
        sections[0] = Checkpoint.Section(kind: 9, version: 1, payload: [])
        #expect(throws: SpellingFault.unknownKind(9)) {
            _ = try ImageEncoding.image(of: sections, at: image.at)
        }
    }

    @Test func `a state without its words is refused`() {
        var sections = ImageEncoding.sections(of: image)
        sections.removeLast()
        #expect(throws: SpellingFault.badValue("a state without its words")) {
            _ = try ImageEncoding.image(of: sections, at: image.at)
        }
    }
}
