/// A run of bytes to be written to a socket: `bytes` from `start` to before `end`.
package struct OutboundPiece: Equatable, Sendable {
    package var bytes: [UInt8]
    package var start: Int
    package var end: Int

    /// All bytes from `start` on, unless an `end` is given.
    package init(_ bytes: [UInt8], from start: Int = 0, to end: Int? = nil) {
        self.bytes = bytes
        self.start = start
        self.end = end ?? bytes.count
    }

    package var count: Int { end - start }
}

/// What waits for one connection alone, in order: copies of small frames and references to shared buffers.
///
/// Empty, it holds no memory of its own.
struct Outbox {
    private struct Chunk {
        var bytes: [UInt8]
        /// Sent up to here.
        var start: UInt32
        /// What others share may go on behind what is meant.
        var end = UInt32.max
        /// Does not count against the limit.
        var isExempt: Bool
        /// Not frames, so it cannot be cut between them.
        var isOpaque: Bool
        /// Its array is nobody else's, or not for long: more may be copied behind.
        var isOwn: Bool

        var stop: Int { min(bytes.count, Int(end)) }
        var count: Int { stop - Int(start) }
    }

    private var chunks: ContiguousArray<Chunk> = []
    /// The first chunk that is not wholly sent.
    private var head: UInt32 = 0
    private var counted: UInt32 = 0
    private var exempt: UInt32 = 0

    /// Up to this size small frames are copied behind each other, so that one call can send many of them.
    private static let ownChunkBytes = 16 << 10
    /// What is copied behind a first frame is likely not to be the last.
    private static let roomBytes = 4 << 10

    var isEmpty: Bool { chunks.isEmpty }
    var countedBytes: Int { Int(counted) }
    var byteCount: Int { Int(counted) + Int(exempt) }

    /// Appends a frame; the array itself is kept as long as nothing is copied behind it.
    mutating func append(_ bytes: [UInt8], exempt isExempt: Bool, isOpaque: Bool) {
        if isExempt {
            exempt += UInt32(bytes.count)
        } else {
            counted += UInt32(bytes.count)
            if !isOpaque, let last = lastOwn(takes: bytes.count) {
                makeRoom(in: last)
                chunks[last].bytes.append(contentsOf: bytes)
                return
            }
        }
        add(
            Chunk(
                bytes: bytes,
                start: 0,
                isExempt: isExempt,
                isOpaque: isOpaque,
                isOwn: !isExempt && !isOpaque
            )
        )
    }

    /// Appends a copy of the bytes from an offset on, up to another.
    mutating func append(copying bytes: [UInt8], from offset: Int, to end: Int) {
        let count = end - offset
        counted += UInt32(count)
        if let last = lastOwn(takes: count) {
            makeRoom(in: last)
            chunks[last].bytes.append(contentsOf: bytes[offset..<end])
        } else {
            let copy = Array(bytes[offset..<end])
            add(Chunk(bytes: copy, start: 0, isExempt: false, isOpaque: false, isOwn: true))
        }
    }

    /// Appends a reference to a buffer that others share, from an offset on, up to another.
    mutating func append(sharing bytes: [UInt8], from offset: Int, to end: Int) {
        counted += UInt32(end - offset)
        add(
            Chunk(
                bytes: bytes,
                start: UInt32(offset),
                end: UInt32(end),
                isExempt: false,
                isOpaque: false,
                isOwn: false
            )
        )
    }

    /// Appends the chunks to a list of pieces; the bytes of all of them together.
    func pieces(into pieces: inout [OutboundPiece]) -> Int {
        var index = Int(head)
        while index < chunks.count {
            let start = Int(chunks[index].start)
            pieces.append(OutboundPiece(chunks[index].bytes, from: start, to: chunks[index].stop))
            index += 1
        }
        return byteCount
    }

    /// Forgets the first bytes, which were sent.
    mutating func remove(_ count: Int) {
        var left = count
        while left > 0, Int(head) < chunks.count {
            let here = min(left, chunks[Int(head)].count)
            left -= here
            if chunks[Int(head)].isExempt {
                exempt -= UInt32(here)
            } else {
                counted -= UInt32(here)
            }
            if here < chunks[Int(head)].count {
                chunks[Int(head)].start += UInt32(here)
                return
            }
            // Its memory goes at once, even if those behind it wait for long.
            chunks[Int(head)].bytes = []
            chunks[Int(head)].start = 0
            head += 1
        }
        if Int(head) == chunks.count {
            chunks = []
            head = 0
        } else if head >= 64, Int(head) * 2 >= chunks.count {
            chunks.removeFirst(Int(head))
            head = 0
        }
    }

    /// Drops everything but the rest of a frame of which a part was sent.
    mutating func cutToFrame() {
        var rest: Chunk?
        if Int(head) < chunks.count, chunks[Int(head)].start > 0 {
            let first = chunks[Int(head)]
            let end =
                first.isOpaque ? first.bytes.count : Self.frameEnd(in: first.bytes, from: Int(first.start))
            if end > Int(first.start) {
                rest = Chunk(
                    bytes: Array(first.bytes[Int(first.start)..<end]),
                    start: 0,
                    isExempt: true,
                    isOpaque: true,
                    isOwn: false
                )
            }
        }
        chunks = []
        (head, counted, exempt) = (0, 0, 0)
        if let rest {
            exempt = UInt32(rest.count)
            add(rest)
        }
    }

    private mutating func add(_ chunk: Chunk) {
        if chunk.count > 0 {
            chunks.append(chunk)
        }
    }

    private mutating func makeRoom(in chunk: Int) {
        if chunks[chunk].bytes.capacity < Self.roomBytes {
            chunks[chunk].bytes.reserveCapacity(Self.roomBytes)
        }
    }

    private func lastOwn(takes count: Int) -> Int? {
        let last = chunks.count - 1
        guard last >= Int(head), chunks[last].isOwn, chunks[last].bytes.count + count <= Self.ownChunkBytes
        else {
            return nil
        }
        return last
    }

    /// The end of the frame that the offset lies in, or the offset itself if it lies between frames.
    ///
    /// Every chunk begins with a frame, unmasked as servers send them (RFC 6455 section 5.2); but a chunk that shares
    /// a sealed buffer may have begun at a later frame, so the walk starts at the buffer's first byte.
    private static func frameEnd(in bytes: [UInt8], from offset: Int) -> Int {
        var end = 0
        while end < offset, end + 2 <= bytes.count {
            let short = Int(bytes[end + 1] & 0x7f)
            let lengthBytes = short == 127 ? 8 : short == 126 ? 2 : 0
            guard end + 2 + lengthBytes <= bytes.count else { return bytes.count }
            var length = lengthBytes == 0 ? short : 0
            for byte in bytes[(end + 2)..<(end + 2 + lengthBytes)] {
                length = length << 8 | Int(byte)
            }
            end += 2 + lengthBytes + length
        }
        return min(max(end, offset), bytes.count)
    }
}
