/// The bytes of one text while it is written: zeroes, filled from the front.
///
/// Most of what is written are names and numbers of a few bytes each, and to append to an array costs several times as
/// much as they do. So the bytes are put into room that is there already, and the array is made once, as long as the
/// text is.
struct JSONBuffer: Sendable {
    private var room: [UInt8]
    /// How many bytes have been written.
    private(set) var count = 0

    /// What is larger is not kept for the next text.
    private static let bytesKept = 64 << 10

    /// An empty one with room for `capacity` bytes.
    init(capacity: Int) {
        room = Array(repeating: 0, count: max(capacity, 16))
    }

    /// What has been written.
    var bytes: [UInt8] { Array(room[..<count]) }

    /// Forgets what was written; the next text stands behind `headroom` zeroes.
    mutating func clear(headroom: Int) {
        count = 0
        if room.count > Self.bytesKept { self = JSONBuffer(capacity: Self.bytesKept) }
        for _ in 0..<headroom { append(0) }
    }

    mutating func append(_ byte: UInt8) {
        makeRoom(1)
        room[count] = byte
        count += 1
    }

    mutating func append(_ bytes: Span<UInt8>) {
        makeRoom(bytes.count)
        let start = count
        count += bytes.count
        var free = room.mutableSpan
        for index in bytes.indices { free[start + index] = bytes[index] }
    }

    /// The same for what may be long: it is copied as a whole.
    mutating func append(_ bytes: ArraySlice<UInt8>) {
        makeRoom(bytes.count)
        room.replaceSubrange(count..<count + bytes.count, with: bytes)
        count += bytes.count
    }

    /// Appends a constant in quotes, a comma before it and a colon behind it, as far as they are wanted.
    mutating func append(quoted constant: JSONLiteral, comma: Bool, colon: Bool) {
        let text = constant.utf8.span
        makeRoom(text.count + 4)
        var end = count
        count += text.count + (comma ? 1 : 0) + (colon ? 3 : 2)
        var free = room.mutableSpan
        if comma {
            free[end] = ASCII.comma
            end += 1
        }
        free[end] = ASCII.quote
        end += 1
        for index in text.indices { free[end + index] = text[index] }
        end += text.count
        free[end] = ASCII.quote
        if colon { free[end + 1] = ASCII.colon }
    }

    /// Appends a number in decimal digits.
    mutating func append(decimal value: Int64) {
        // 2^63 has 19 digits and a sign.
        makeRoom(20)
        if value < 0 { append(ASCII.minus) }
        var rest = value.magnitude
        var digits = 1
        var bound: UInt64 = 10
        while rest >= bound, digits < 19 {
            bound &*= 10
            digits += 1
        }
        // They come last first.
        count += digits
        var end = count
        var free = room.mutableSpan
        repeat {
            end -= 1
            free[end] = ASCII.zero + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
    }

    private mutating func makeRoom(_ more: Int) {
        if room.count - count < more { grow(by: more) }
    }

    private mutating func grow(by more: Int) {
        room.append(contentsOf: repeatElement(0, count: max(more, room.count)))
    }
}
