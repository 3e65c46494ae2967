/// One value of a message.
///
/// Each getter answers nil when the value is of another type, so that a field of the wrong type is found
/// where it is read.
package struct JSONValue: Sendable {
    private let tape: JSONTape
    let node: Int

    init(tape: JSONTape, node: Int) {
        self.tape = tape
        self.node = node
    }

    /// What it is.
    package var kind: JSONKind { tape.nodes[node].kind }

    /// Whether it is null.
    package var isNull: Bool { kind == .null }

    /// True or false.
    package var bool: Bool? {
        switch kind {
        case .true: true
        case .false: false
        case .object, .array, .string, .number, .null: nil
        }
    }

    /// An integer: digits, a minus sign before them if need be, within ± (2^53 − 1).
    ///
    /// Neither 1.0 nor 1e3 nor −0 is one: a number that a JavaScript client wrote as an integer never looks
    /// like that.
    package var integer: Int64? { tape.nodes[node].integer(tape.bytes.span) }

    /// A number of any size as it was written, for those who want more than integers.
    package var number: ArraySlice<UInt8>? {
        kind == .number ? tape.bytes[tape.nodes[node].range] : nil
    }
}

// MARK: - Strings

extension JSONValue {
    /// The UTF-8 bytes of a string, escapes resolved.
    ///
    /// It may hold any scalar, also U+0000: `TextRules` judges.
    package var text: [UInt8]? {
        kind == .string ? tape.text(of: node) : nil
    }

    /// The length of `text` in bytes, known without making it.
    package var textByteCount: Int? {
        tape.nodes[node].textByteCount
    }

    /// Whether it is this string.
    package func isText(_ text: JSONLiteral) -> Bool {
        tape.isText(text, at: node)
    }
}

// MARK: - Containers

extension JSONValue {
    /// An object.
    package var object: JSONObject? {
        kind == .object ? JSONObject(tape: tape, node: node) : nil
    }

    /// The elements of an array.
    package var elements: JSONElements? {
        kind == .array
            ? JSONElements(tape: tape, nextNode: node + 1, underestimatedCount: Int(tape.nodes[node].end))
            : nil
    }

    /// An array of integers, and of nothing else.
    package var integers: [Int64]? { all { $0.integer } }

    /// An array of strings, and of nothing else.
    package var texts: [[UInt8]]? { all { $0.text } }

    /// An array of objects, and of nothing else.
    package var objects: [JSONObject]? { all { $0.object } }

    private func all<Element>(_ get: (JSONValue) -> Element?) -> [Element]? {
        guard let elements else { return nil }
        var all: [Element] = []
        all.reserveCapacity(elements.underestimatedCount)
        for element in elements {
            guard let element = get(element) else { return nil }
            all.append(element)
        }
        return all
    }
}

/// The elements of an array, first to last.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
    fileprivate let tape: JSONTape
    fileprivate var nextNode: Int
    /// The number of elements that are still to come: exact.
    package fileprivate(set) var underestimatedCount: Int

    /// The next element, or nil after the last.
    package mutating func next() -> JSONValue? {
        guard underestimatedCount > 0 else { return nil }
        underestimatedCount -= 1
        defer { nextNode = tape.nodes.span.indexAfterValue(nextNode) }
        return JSONValue(tape: tape, node: nextNode)
    }
}
