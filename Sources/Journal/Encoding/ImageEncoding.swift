package import Sessions

/// A checkpoint's sections from an image of all sessions, and back.
///
/// Each session stands in two sections: its state without words, which the state hash covers, and its words. What is
/// counted of sessions that are over holds ids of persons, and is no part of the hash either.
package enum ImageEncoding {
    /// The version of the sections' spelling; hashes are comparable within one.
    ///
    /// Since 2 the segments before a checkpoint may be gone: whoever raises this must go on reading what is 2.
    package static let version: UInt16 = 4
    private static let oldestVersion: UInt16 = 2

    private enum SectionKind: UInt8 {
        /// The ids used up and the last number given out.
        case books = 1
        case state = 2
        case texts = 3
        /// What is counted of the sessions that are over.
        case counts = 4

        /// The version of the section's spelling.
        var version: UInt8 {
            switch self {
            case .books, .counts: 1
            case .state, .texts: 4
            }
        }

        /// The oldest version that is still read.
        var oldestVersion: UInt8 {
            switch self {
            case .books, .counts: 1
            case .state, .texts: 2
            }
        }

        /// What it holds is no part of the state hash.
        var isHashed: Bool { self == .books || self == .state }
    }

    /// The sections of an image.
    package static func sections(of image: CheckpointImage) -> [Checkpoint.Section] {
        var books = ByteWriter()
        books.number(image.lastNumber)
        books.list(image.usedIDs.map(\.text).sorted()) { $0.raw($1.utf8) }
        var counts = ByteWriter()
        counts.books(image.books)
        var sections = [section(.books, books.bytes), section(.counts, counts.bytes)]
        for state in image.states { sections += self.sections(of: state) }
        return sections
    }

    private static func sections(of state: SessionState) -> [Checkpoint.Section] {
        var body = ByteWriter(wordsApart: true)
        body.state(state)
        return [section(.state, body.bytes), section(.texts, body.words ?? [])]
    }

    /// The hash of the image's state, words left out: FNV-1a, 64 bits, over the sections but for the words.
    package static func stateHash(of sections: [Checkpoint.Section]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for section in sections where SectionKind(rawValue: section.kind)?.isHashed ?? true {
            for byte in section.payload { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        return hash
    }

    /// The hash of one session's state, words left out.
    package static func stateHash(of state: SessionState) -> UInt64 {
        stateHash(of: sections(of: state))
    }

    /// The image that a checkpoint holds, when this server can begin with it.
    package static func image(
        of checkpoint: Checkpoint
    ) throws(UnusableCheckpoint) -> CheckpointImage {
        guard (oldestVersion...version).contains(checkpoint.encoding) else {
            throw UnusableCheckpoint(why: "it is of encoding \(checkpoint.encoding)")
        }
        let image: CheckpointImage
        do throws(SpellingFault) {
            image = try self.image(of: checkpoint.sections, at: checkpoint.time)
        } catch {
            throw UnusableCheckpoint(why: error.description)
        }
        // Spelled again from what was understood: a misreading cannot give the same hash. One of an encoding of the past
        // is spelled by nobody any more.
        let spelled = checkpoint.encoding == version ? sections(of: image) : checkpoint.sections
        guard stateHash(of: spelled) == checkpoint.stateHash else {
            throw UnusableCheckpoint(why: "its state hash is not that of the state in it")
        }
        return image
    }

    /// Whether the server that wrote the checkpoint kept books.
    static func hasBooks(_ checkpoint: Checkpoint) -> Bool { checkpoint.encoding > oldestVersion }

    /// The image that the sections hold; `at` is the checkpoint's time.
    package static func image(
        of sections: [Checkpoint.Section],
        at: Milliseconds
    ) throws(SpellingFault) -> CheckpointImage {
        var image = CheckpointImage(at: at, states: [], usedIDs: [], lastNumber: 0)
        var rest = sections[...]
        while let next = rest.popFirst() {
            guard let kind = SectionKind(rawValue: next.kind) else { throw .unknownKind(next.kind) }
            guard (kind.oldestVersion...kind.version).contains(next.version) else {
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
                    words.version == next.version
                else { throw .badValue("a state without its words") }
                if next.version > kind.oldestVersion {
                    reader = ByteReader(next.payload, words: words.payload)
                    image.states.append(try reader.state(version: next.version))
                } else {
                    var wordReader = ByteReader(words.payload)
                    let old = try wordReader.oldWords()
                    image.states.append(try reader.state(version: next.version, old: old))
                }
            case .counts:
                image.books = try reader.books()
                guard reader.isAtEnd else { throw .tooLong }
            case .texts: throw .badValue("words without a state")
            }
        }
        try image.check()
        return image
    }

    private static func section(_ kind: SectionKind, _ payload: [UInt8]) -> Checkpoint.Section {
        Checkpoint.Section(kind: kind.rawValue, version: kind.version, payload: payload)
    }
}

/// A checkpoint that is whole, and that this server cannot begin with.
package struct UnusableCheckpoint: Error, Equatable {
    package var why: String
}
