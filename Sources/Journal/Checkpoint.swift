/// The whole state after one record, so that recovery need not read the journal from its beginning.
///
/// What the sections hold is known to whoever spells the state on disk; the store sees bytes.
package struct Checkpoint: Equatable, Sendable {
    /// The number of the last record that the state contains.
    package var sequence: UInt64
    /// The term of the writer.
    package var term: UInt64
    /// Milliseconds since 1970.
    package var time: Int64
    /// The version of the state's encoding; `stateHash` is only comparable within one.
    package var encoding: UInt16
    /// A hash of the state, without texts, that recovery compares with that of the state it has read.
    package var stateHash: UInt64
    package var sections: [Section]

    /// A part of the state, for instance one session.
    package struct Section: Equatable, Sendable {
        package var kind: UInt8
        package var version: UInt8
        package var payload: [UInt8]

        /// A section.
        package init(kind: UInt8, version: UInt8, payload: [UInt8]) {
            self.kind = kind
            self.version = version
            self.payload = payload
        }
    }

    /// A checkpoint to be written.
    package init(
        sequence: UInt64,
        term: UInt64,
        time: Int64,
        encoding: UInt16,
        stateHash: UInt64,
        sections: [Section]
    ) {
        self.sequence = sequence
        self.term = term
        self.time = time
        self.encoding = encoding
        self.stateHash = stateHash
        self.sections = sections
    }
}

/// How a checkpoint stands in its file: a header of 64 bytes, then sections of 16 bytes and their payload. See
/// `Protocol/journal.md`.
extension Checkpoint {
    private static let magic: UInt64 = 0x5450_4B43_594E_4C50  // "PLNYCKPT"
    static let currentVersion = 1
    static let headerBytes = 64
    private static let sectionHeaderBytes = 16
    private static let checkOffset = 60

    /// The length of the file.
    package var fileBytes: Int {
        sections.reduce(Self.headerBytes) { $0 + Self.sectionHeaderBytes + $1.payload.count }
    }

    /// The header of the file.
    func encodedHeader() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: Self.magic)
        bytes.append(littleEndian: UInt16(Self.currentVersion))
        bytes.append(littleEndian: encoding)
        bytes.append(littleEndian: UInt32(sections.count))
        bytes.append(littleEndian: sequence)
        bytes.append(littleEndian: term)
        bytes.append(littleEndian: time)
        bytes.append(littleEndian: stateHash)
        bytes.append(littleEndian: UInt64(fileBytes))
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: Checksum.crc32c(bytes.span.bytes))
        return bytes
    }

    /// The header of a section; its check covers header and payload and begins with the check before.
    static func encodedHeader(of section: Section, previous: UInt32) -> (bytes: [UInt8], check: UInt32) {
        var rest: [UInt8] = [section.kind, section.version, 0, 0]
        rest.append(littleEndian: UInt64(section.payload.count))
        let head = Checksum.crc32c(rest.span.bytes, continuing: previous)
        let check = Checksum.crc32c(section.payload.span.bytes, continuing: head)
        var bytes: [UInt8] = []
        bytes.append(littleEndian: check)
        return (bytes + rest, check)
    }

    /// The check of an encoded header, with which the first section's begins.
    static func check(ofHeader bytes: RawSpan) -> UInt32 {
        bytes.number(at: checkOffset, as: UInt32.self)
    }

    /// Reads a checkpoint's file.
    ///
    /// Throws `damaged` or `newerVersion`.
    init(_ image: RawSpan, file: String) throws(JournalFault) {
        func damage(_ why: String, at offset: Int = 0) -> JournalFault {
            .damaged(Damage(file: file, offset: offset, sequence: 0, why: why))
        }
        guard image.byteCount >= Self.headerBytes, image.number(at: 0, as: UInt64.self) == Self.magic else {
            throw damage("not a checkpoint")
        }
        var check = Self.check(ofHeader: image)
        guard check == Checksum.crc32c(image.extracting(0..<Self.checkOffset)) else {
            throw damage("the header's check is wrong")
        }
        let version = Int(image.number(at: 8, as: UInt16.self))
        guard version == Self.currentVersion else {
            if version < Self.currentVersion {
                throw damage("no version \(version) of the format was ever written")
            }
            throw .newerVersion(file: file, found: version, known: Self.currentVersion)
        }
        encoding = image.number(at: 10, as: UInt16.self)
        let count = Int(image.number(at: 12, as: UInt32.self))
        sequence = image.number(at: 16, as: UInt64.self)
        term = image.number(at: 24, as: UInt64.self)
        time = image.number(at: 32, as: Int64.self)
        stateHash = image.number(at: 40, as: UInt64.self)
        guard image.number(at: 48, as: UInt64.self) == UInt64(image.byteCount) else {
            throw damage("\(image.byteCount) bytes long, which is not what its header says")
        }
        sections = []
        var offset = Self.headerBytes
        for _ in 0..<count {
            let left = image.byteCount - offset - Self.sectionHeaderBytes
            guard left >= 0 else { throw damage("a section is missing", at: offset) }
            let length = image.number(at: offset + 8, as: UInt64.self)
            guard length <= UInt64(left) else {
                throw damage("a section is longer than the file", at: offset)
            }
            let end = offset + Self.sectionHeaderBytes + Int(length)
            check = Checksum.crc32c(image.extracting(offset + 4..<end), continuing: check)
            guard check == image.number(at: offset, as: UInt32.self) else {
                throw damage("a section's check is wrong", at: offset)
            }
            sections.append(
                Section(
                    kind: image.number(at: offset + 4, as: UInt8.self),
                    version: image.number(at: offset + 5, as: UInt8.self),
                    payload: image.extracting(offset + Self.sectionHeaderBytes..<end).withUnsafeBytes {
                        Array($0)
                    }
                )
            )
            offset = end
        }
        guard offset == image.byteCount else {
            throw damage("there is something behind the last section", at: offset)
        }
    }
}
