package import Sessions

/// A checkpoint's sections from an image of all sessions, and back.
///
/// Each session stands in two sections: its state without words, which the state hash covers, and its words.
package enum ImageEncoding {
    /// The version of the sections' spelling; hashes are comparable within one.
    ///
    /// Since 2 the segments before a checkpoint may be gone: whoever raises this must go on reading what is 2.
    package static let version: UInt16 = 2

    private enum SectionKind: UInt8 {
        /// The ids used up and the last number given out.
        case books = 1
        case state = 2
        case texts = 3

        /// The version of the section's spelling.
        var version: UInt8 {
            switch self {
            case .books: 1
            case .state, .texts: 2
            }
        }
    }

    /// The sections of an image.
    package static func sections(of image: CheckpointImage) -> [Checkpoint.Section] {
        var books = ByteWriter()
        books.number(image.lastNumber)
        books.list(image.usedIDs.map(\.text).sorted()) { $0.raw($1.utf8) }
        var sections = [section(.books, books)]
        for state in image.states {
            var body = ByteWriter()
            body.state(state)
            sections.append(section(.state, body))
            var texts = ByteWriter()
            texts.texts(state)
            sections.append(section(.texts, texts))
        }
        return sections
    }

    /// The hash of the image's state, words left out: FNV-1a, 64 bits, over the sections but for the words.
    package static func stateHash(of sections: [Checkpoint.Section]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for section in sections where section.kind != SectionKind.texts.rawValue {
            for byte in section.payload { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        return hash
    }

    /// The hash of one session's state, words left out.
    package static func stateHash(of state: SessionState) -> UInt64 {
        var body = ByteWriter()
        body.state(state)
        return stateHash(of: [section(.state, body)])
    }

    /// The image that a checkpoint holds, when this server can begin with it.
    package static func image(
        of checkpoint: Checkpoint
    ) throws(UnusableCheckpoint) -> CheckpointImage {
        guard checkpoint.encoding == version else {
            throw UnusableCheckpoint(why: "it is of encoding \(checkpoint.encoding)")
        }
        let image: CheckpointImage
        do throws(SpellingFault) {
            image = try self.image(of: checkpoint.sections, at: checkpoint.time)
        } catch {
            throw UnusableCheckpoint(why: error.description)
        }
        // Spelled again from what was understood: a misreading cannot give the same hash.
        guard stateHash(of: sections(of: image)) == checkpoint.stateHash else {
            throw UnusableCheckpoint(why: "its state hash is not that of the state in it")
        }
        return image
    }

    /// The image that the sections hold; `at` is the checkpoint's time.
    package static func image(
        of sections: [Checkpoint.Section],
        at: Milliseconds
    ) throws(SpellingFault) -> CheckpointImage {
        var image = CheckpointImage(at: at, states: [], usedIDs: [], lastNumber: 0)
        var rest = sections[...]
        while let next = rest.popFirst() {
            guard let kind = SectionKind(rawValue: next.kind) else { throw .unknownKind(next.kind) }
            guard next.version == kind.version else {
                throw .unknownVersion(kind: next.kind, version: next.version)
            }
            var reader = ByteReader(next.payload)
            switch kind {
            case .books:
                image.lastNumber = SessionNumber(try reader.number())
                image.usedIDs = Set(
                    try reader.list { (reader) throws(SpellingFault) in try reader.session() }
                )
                guard reader.isAtEnd else { throw .tooLong }
            case .state:
                guard let words = rest.popFirst(), words.kind == SectionKind.texts.rawValue,
                    words.version == SectionKind.texts.version
                else { throw .badValue("a state without its words") }
                var wordReader = ByteReader(words.payload)
                image.states.append(try reader.state(words: try wordReader.words()))
            case .texts: throw .badValue("words without a state")
            }
        }
        try image.check()
        return image
    }

    private static func section(_ kind: SectionKind, _ writer: ByteWriter) -> Checkpoint.Section {
        Checkpoint.Section(kind: kind.rawValue, version: kind.version, payload: writer.bytes)
    }
}

/// A checkpoint that is whole, and that this server cannot begin with.
package struct UnusableCheckpoint: Error, Equatable {
    package var why: String
}
