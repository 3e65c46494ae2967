/// What a backslash begins inside a JSON string (RFC 8259, 7).
enum JSONEscape {
    /// The scalar that it stands for, and the bytes that it takes in the message.
    case scalar(Unicode.Scalar, byteCount: Int)
    /// Half of a pair of UTF-16 surrogates: no text at all (RFC 8259, 8.2).
    case loneSurrogate
    case unknown

    /// Reads the escape whose backslash stands at `position`.
    init(_ bytes: Span<UInt8>, at position: Int) {
        guard position + 1 < bytes.count else {
            self = .unknown
            return
        }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""): self = .scalar("\"", byteCount: 2)
        case UInt8(ascii: "\\"): self = .scalar("\\", byteCount: 2)
        case UInt8(ascii: "/"): self = .scalar("/", byteCount: 2)
        case UInt8(ascii: "b"): self = .scalar("\u{8}", byteCount: 2)
        case UInt8(ascii: "f"): self = .scalar("\u{C}", byteCount: 2)
        case UInt8(ascii: "n"): self = .scalar("\n", byteCount: 2)
        case UInt8(ascii: "r"): self = .scalar("\r", byteCount: 2)
        case UInt8(ascii: "t"): self = .scalar("\t", byteCount: 2)
        case UInt8(ascii: "u"): self = JSONEscape.hexadecimal(bytes, at: position)
        default: self = .unknown
        }
    }

    private static func hexadecimal(_ bytes: Span<UInt8>, at position: Int) -> JSONEscape {
        guard let unit = codeUnit(bytes, at: position) else { return .unknown }
        if let scalar = Unicode.Scalar(unit) { return .scalar(scalar, byteCount: 6) }
        guard UTF16.isLeadSurrogate(unit),
            let trail = codeUnit(bytes, at: position + 6),
            UTF16.isTrailSurrogate(trail),
            let scalar = Unicode.Scalar(0x1_0000 + (UInt32(unit & 0x3FF) << 10 | UInt32(trail & 0x3FF)))
        else { return .loneSurrogate }
        return .scalar(scalar, byteCount: 12)
    }

    /// The four digits of `\uXXXX` whose backslash stands at `position`.
    private static func codeUnit(_ bytes: Span<UInt8>, at position: Int) -> UInt16? {
        guard position + 6 <= bytes.count,
            bytes[position] == ASCII.backslash,
            bytes[position + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt16 = 0
        for index in position + 2..<position + 6 {
            let digit: UInt8
            switch bytes[index] {
            case ASCII.zero...ASCII.nine: digit = bytes[index] - ASCII.zero
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[index] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[index] - UInt8(ascii: "A") + 10
            default: return nil
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
