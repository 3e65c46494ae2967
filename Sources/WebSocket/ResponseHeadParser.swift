/// The head of one HTTP/1.1 response.
package struct ResponseHead: Sendable, Equatable {
    /// The status code, three digits.
    package var status: Int
    /// In the order in which they came.
    package var fields: [HTTPField]

    /// A head; the parser makes it, and tests.
    package init(status: Int, fields: [HTTPField]) {
        self.status = status
        self.fields = fields
    }

    /// The value of the first field of that name, in any case.
    package func field(named name: String) -> String? {
        fields(named: name).first
    }

    /// The values of all fields of that name, in any case, in order.
    package func fields(named name: String) -> [String] {
        fields.filter { ASCII.areEqual($0.name, name) }.map(\.value)
    }
}

/// Reads the head of one HTTP/1.1 response, as strict as for requests (RFC 9112 section 4).
struct ResponseHeadParser: Sendable {
    enum Progress {
        case needsMore
        case head(ResponseHead, consumed: Int)
        case malformed
    }

    private let limits: HandshakeLimits
    private var headBytes = 0
    private var isInStatusLine = true
    private var statusLine: [UInt8] = []
    private var status = 0
    private var fields: FieldSection

    init(limits: HandshakeLimits) {
        self.limits = limits
        fields = FieldSection(maxFields: limits.maxFields)
    }

    mutating func feed(_ bytes: Span<UInt8>) -> Progress {
        let allowed = bytes.extracting(first: min(bytes.count, limits.maxHeadBytes - headBytes))
        headBytes += allowed.count
        var index = 0
        while isInStatusLine, index < allowed.count {
            guard readStatusLine(allowed[index]) else { return .malformed }
            index += 1
        }
        do throws(HeadFault) {
            index = try fields.read(allowed, from: index)
        } catch {
            return .malformed
        }
        if fields.isComplete {
            return .head(ResponseHead(status: status, fields: fields.fields), consumed: index)
        }
        return allowed.count == bytes.count ? .needsMore : .malformed
    }

    /// False when the line is whole and none.
    private mutating func readStatusLine(_ byte: UInt8) -> Bool {
        statusLine.append(byte)
        guard byte == ASCII.lineFeed else { return true }
        guard let status = Self.status(of: statusLine) else { return false }
        self.status = status
        isInStatusLine = false
        return true
    }

    /// "HTTP/1.1", a space, three digits, a space, a phrase without control characters, CR LF.
    private static func status(of line: [UInt8]) -> Int? {
        let version = Array("HTTP/1.1 ".utf8)
        let codeEnd = version.count + 3
        guard line.count >= codeEnd + 3, line.starts(with: version), line[codeEnd] == ASCII.space,
            line.dropLast().last == ASCII.carriageReturn,
            line.dropLast(2).allSatisfy(ASCII.isFieldValueCharacter)
        else { return nil }
        var code = 0
        for digit in line[version.count..<codeEnd] {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            code = code * 10 + Int(digit - 0x30)
        }
        return code
    }
}
