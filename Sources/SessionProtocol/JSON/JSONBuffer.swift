/// The bytes of one text while it is written, in memory of its own.
///
/// Most of what is written are names and numbers of a few bytes each, and to append to an array costs several times as
/// much as they do. So the bytes are put down here, and the array is made once, as long as the text is.
@safe
struct JSONBuffer: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// How many bytes have been written.
    private(set) var count: Int

    /// What is larger is not kept for the next text.
    private static let bytesKept = 64 << 10

    /// An empty one with room for `capacity` bytes.
    init(capacity: Int) {
        self.capacity = max(capacity, 16)
        unsafe start = .allocate(capacity: self.capacity)
        count = 0
    }

    deinit {
        unsafe start.deallocate()
    }

    /// What has been written.
    var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }

    /// Forgets what was written; the next text stands behind `headroom` zeroes.
    mutating func clear(headroom: Int) {
        count = 0
        if capacity > Self.bytesKept { self = JSONBuffer(capacity: Self.bytesKept) }
        for _ in 0..<headroom { append(0) }
    }

    mutating func append(_ byte: UInt8) {
        makeRoom(1)
        put(byte)
    }

    mutating func append(_ bytes: Span<UInt8>) {
        makeRoom(bytes.count)
        unsafe bytes.withUnsafeBufferPointer { unsafe copy($0) }
    }

    mutating func append(_ literal: JSONLiteral) {
        makeRoom(literal.count)
        unsafe copy(literal.bytes)
    }

    /// Appends a constant in quotes, a comma before it and a colon behind it, as far as they are wanted.
    mutating func append(quoted literal: JSONLiteral, comma: Bool, colon: Bool) {
        makeRoom(literal.count + 4)
        if comma { put(ASCII.comma) }
        put(ASCII.quote)
        unsafe copy(literal.bytes)
        put(ASCII.quote)
        if colon { put(ASCII.colon) }
    }

    /// Appends a number in decimal digits.
    mutating func append(decimal value: Int64) {
        // 2^63 has 19 digits and a sign.
        makeRoom(20)
        if value < 0 { put(ASCII.minus) }
        var rest = value.magnitude
        var end = count + 1
        var bound: UInt64 = 10
        while rest >= bound, end < count + 19 {
            bound &*= 10
            end += 1
        }
        // They come last first.
        count = end
        repeat {
            end -= 1
            unsafe start[end] = ASCII.zero + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
    }

    /// One byte for which there is room.
    private mutating func put(_ byte: UInt8) {
        unsafe start[count] = byte
        count += 1
    }

    /// Bytes for which there is room.
    private mutating func copy(_ source: UnsafeBufferPointer<UInt8>) {
        guard let first = source.baseAddress else { return }
        unsafe (start + count).update(from: first, count: source.count)
        count += source.count
    }

    private mutating func makeRoom(_ more: Int) {
        if capacity - count < more { grow(by: more) }
    }

    private mutating func grow(by more: Int) {
        let room = capacity + max(more, capacity)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: room)
        unsafe larger.update(from: start, count: count)
        unsafe start.deallocate()
        unsafe start = larger
        capacity = room
    }
}
