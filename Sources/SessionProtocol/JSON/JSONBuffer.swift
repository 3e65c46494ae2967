/// The bytes of one text while it is written, in memory of its own.
///
/// Most of what is written are names and numbers of a few bytes each, and to append to an array costs several times as
/// much as they do. So the bytes are put down here, and the array is made once, as long as the text is.
@safe
struct JSONBuffer: ~Copyable {
    private var memory: UnsafeMutableRawBufferPointer
    /// How many bytes have been written.
    private(set) var count: Int

    /// An empty one with room for `capacity` bytes, behind `headroom` zeroes.
    init(capacity: Int, headroom: Int) {
        unsafe memory = .allocate(byteCount: headroom + max(capacity, 16), alignment: 1)
        count = 0
        for _ in 0..<headroom { append(0) }
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// What has been written.
    var bytes: [UInt8] { unsafe Array(UnsafeRawBufferPointer(rebasing: memory[..<count])) }

    mutating func clear() { count = 0 }

    mutating func append(_ byte: UInt8) {
        makeRoom(1)
        put(byte)
    }

    mutating func append(_ bytes: Span<UInt8>) {
        makeRoom(bytes.count)
        unsafe bytes.withUnsafeBytes { unsafe copy($0) }
    }

    mutating func append(_ literal: JSONLiteral) {
        makeRoom(literal.count)
        unsafe copy(UnsafeRawBufferPointer(literal.bytes))
    }

    /// Appends a constant in quotes, a comma before it and a colon behind it, as far as they are wanted.
    mutating func append(quoted literal: JSONLiteral, comma: Bool, colon: Bool) {
        makeRoom(literal.count + 4)
        if comma { put(ASCII.comma) }
        put(ASCII.quote)
        unsafe copy(UnsafeRawBufferPointer(literal.bytes))
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
            unsafe memory[end] = ASCII.zero + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
    }

    /// One byte for which there is room.
    private mutating func put(_ byte: UInt8) {
        unsafe memory[count] = byte
        count += 1
    }

    /// Bytes for which there is room.
    private mutating func copy(_ source: UnsafeRawBufferPointer) {
        unsafe UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: source)
        count += source.count
    }

    private mutating func makeRoom(_ more: Int) {
        if unsafe memory.count - count < more { grow(by: more) }
    }

    private mutating func grow(by more: Int) {
        let room = unsafe memory.count + max(more, memory.count)
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 1)
        unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
        unsafe memory.deallocate()
        unsafe memory = larger
    }
}
