/// What a segment says, once it has a successor: that there is one, and its first record's number.
///
/// A segment that is gone from the middle leaves a gap in the numbers; without this, nothing would tell that the last one
/// is gone, with all that people have heard since. It is written to the block of the segment's header, in a sector of its
/// own, when the successor's name is durable and before anything in the successor is announced. A segment that lacks it,
/// or has it torn, says nothing: a crash came in between, or it was written by a server of the past.
enum SegmentSeal {
    static let offset = 2048
    static let bytes = 24
    private static let magic: UInt64 = 0x5458_454E_594E_4C50  // "PLNYNEXT"

    /// The seal's bytes; `seed` is the check of the header of the segment that it is in.
    static func encoded(next: UInt64, seed: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: magic)
        bytes.append(littleEndian: next)
        bytes.append(littleEndian: Checksum.crc32c(bytes.span.bytes, continuing: seed))
        bytes.append(littleEndian: UInt32(0))
        return bytes
    }

    /// The first record's number in the segment behind this one; nil: it does not say.
    static func next(in image: RawSpan, seed: UInt32) -> UInt64? {
        guard image.byteCount >= offset + bytes, image.number(at: offset, as: UInt64.self) == magic,
            Checksum.crc32c(image.extracting(offset..<offset + 16), continuing: seed)
                == image.number(at: offset + 16, as: UInt32.self)
        else { return nil }
        return image.number(at: offset + 8, as: UInt64.self)
    }

    /// Whether a segment says that it has a successor.
    static func isIn(_ file: any StorageFile) throws(JournalFault) -> Bool {
        let block = try file.readAll(JournalLimits.headerBlockBytes, at: 0)
        return next(in: block.span.bytes, seed: SegmentHeader.seed(of: block.span.bytes)) != nil
    }

    /// Takes it out of the beginning of a segment.
    static func blank(in bytes: inout [UInt8]) {
        for place in offset..<offset + Self.bytes where bytes.indices.contains(place) { bytes[place] = 0 }
    }

    /// Says in the segment that is open as `file` which one comes next, and makes that durable.
    static func write(next: UInt64, to file: any StorageFile, seed: UInt32) throws(JournalFault) {
        try file.writeAll(encoded(next: next, seed: seed).span.bytes, at: offset)
        try file.syncAll()
    }

    /// The same for whichever segment comes before the one that begins with `first`.
    ///
    /// Also where it can be read: a process may have died before it was on the disk, and the kernel forgets what a
    /// failed sync has not written.
    static func write(before first: UInt64, in storage: any Storage) throws(JournalFault) {
        guard let name = try Segments.list(storage).last(where: { $0.first < first }) else { return }
        let file = try storage.open(name.path, for: .write)
        let block = try file.readAll(JournalLimits.headerBlockBytes, at: 0)
        let seed = SegmentHeader.seed(of: block.span.bytes)
        try write(next: first, to: file, seed: seed)
    }
}
