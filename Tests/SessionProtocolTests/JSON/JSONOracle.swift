import Foundation
import SessionProtocol

/// Where ours and Foundation's `JSONSerialization` do not say the same of a text, and both are left as they are.
///
/// Each one is recognised by what stands in the text or in the oracle's value, never by the mere difference. Where
/// the text can be put right (a comma taken out, a mark, a number), it is, and both are asked again, so that one
/// known difference hides no other.
enum JSONDisagreement: Hashable, CaseIterable {
    // What ours refuses on purpose.

    /// The oracle takes any value at the top; one message is one object (DESIGN 6).
    case notAnObject
    /// In the oracle the last of two equal keys wins in silence.
    case duplicateKey
    /// The oracle takes 512 levels, we 16.
    case depth
    /// The oracle has no limit on members, we take 64.
    case members
    /// The oracle skips a byte order mark (RFC 8259, 8.1 allows both).
    case byteOrderMark
    /// The oracle guesses UTF-16 and UTF-32 from zero bytes; WebSocket text is UTF-8.
    case otherEncoding

    // What the oracle accepts in error.

    /// A comma before the end of an object or array is not in the grammar (RFC 8259, 4 and 5).
    case trailingComma

    // What the oracle refuses or changes in error.

    /// A number too large for a `Double` is well-formed (RFC 8259, 6); ours leaves it to the field.
    case numberBeyondDouble
    /// Numbers of many digits are decimals to the oracle, whose last bits as a `Double` are not the nearest.
    case decimal
    /// The oracle keeps keys as `String`s, so that two spellings of é are one key to it, and one member is lost.
    case canonicallyEqualKeys
    /// The oracle takes U+FEFF for a byte order mark and drops it at the beginning of a string or key and after
    /// an escape in it.
    case markInString
}

/// Asks both readers about texts and judges whether they agree.
struct JSONOracle {
    private(set) var met: Set<JSONDisagreement> = []
    private(set) var acceptedByBoth = 0
    private(set) var refusedByBoth = 0
    private var reader = JSONReader()

    /// What is wrong with how the two judge this text; nil if they agree or differ in a way that is on the list.
    mutating func difference(on text: [UInt8]) -> String? {
        let theirs = try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
        do throws(JSONFault) {
            let ours = try reader.read(text)
            guard let theirs else { return differenceWhereOracleRefuses(text, ours) }
            acceptedByBoth += 1
            guard let difference = difference(ours, theirs) else { return nil }
            let withoutMarks = JSONOracle.removingMarks(text)
            guard withoutMarks.count < text.count else { return difference }
            met.insert(.markInString)
            return self.difference(on: withoutMarks)
        } catch {
            guard let theirs else {
                refusedByBoth += 1
                return nil
            }
            return differenceWhereOursRefuses(text, error, theirs)
        }
    }

    private mutating func differenceWhereOursRefuses(
        _ text: [UInt8],
        _ fault: JSONFault,
        _ theirs: Any
    ) -> String? {
        if text.starts(with: [0xEF, 0xBB, 0xBF]) {
            met.insert(.byteOrderMark)
            return difference(on: Array(text.dropFirst(3)))
        }
        if text.prefix(4).contains(0) || text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) {
            met.insert(.otherEncoding)
            return nil
        }
        if case .syntax(let offset) = fault, let comma = commaBeforeEnd(text, at: offset) {
            met.insert(.trailingComma)
            var repaired = text
            repaired.remove(at: comma)
            return difference(on: repaired)
        }
        let shape = JSONShape(text)
        switch fault {
        case .notObject where !(theirs is [String: Any]): met.insert(.notAnObject)
        case .duplicateKey where shape.colons > keyCount(theirs): met.insert(.duplicateKey)
        case .depth where shape.deepest > 16: met.insert(.depth)
        case .members where shape.mostColonsInOne > 64: met.insert(.members)
        default: return "only the oracle accepts; ours says \(fault)"
        }
        return nil
    }

    private mutating func differenceWhereOracleRefuses(_ text: [UInt8], _ ours: JSONObject) -> String? {
        let numbers = numbersBeyondDouble(ours)
        guard let number = numbers.first else { return "only ours accepts" }
        met.insert(.numberBeyondDouble)
        var repaired = text
        // The number is a slice of the very text, so its indices are places there.
        repaired.replaceSubrange(number.startIndex..<number.endIndex, with: [UInt8(ascii: "0")])
        return difference(on: repaired)
    }

    /// The place of a comma with nothing but white space between it and the bracket at `offset`.
    private func commaBeforeEnd(_ text: [UInt8], at offset: Int) -> Int? {
        guard offset < text.count, [UInt8(ascii: "]"), UInt8(ascii: "}")].contains(text[offset]) else {
            return nil
        }
        let place = text[..<offset].lastIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return place.flatMap { text[$0] == UInt8(ascii: ",") ? $0 : nil }
    }

    private func numbersBeyondDouble(_ object: JSONObject) -> [ArraySlice<UInt8>] {
        object.members.flatMap { numbersBeyondDouble($0.value) }
    }

    private func numbersBeyondDouble(_ value: JSONValue) -> [ArraySlice<UInt8>] {
        switch value.kind {
        case .object: value.object.map { numbersBeyondDouble($0) } ?? []
        case .array: value.elements?.flatMap { numbersBeyondDouble($0) } ?? []
        case .number: [value.number].compactMap(\.self).filter { double($0)?.isFinite != true }
        case .string, .true, .false, .null: []
        }
    }
}

// MARK: - The same value?

extension JSONOracle {
    private mutating func difference(_ ours: JSONObject, _ theirs: Any) -> String? {
        guard let theirs = theirs as? [String: Any] else { return "the oracle sees no object" }
        var names: Set<String> = []
        for (name, value) in ours.members {
            let name = String(decoding: name, as: UTF8.self)
            // An equal key that ours told apart: the oracle has one of the two values.
            guard names.insert(name).inserted else {
                met.insert(.canonicallyEqualKeys)
                return nil
            }
            if theirs.count == ours.count {
                guard let other = theirs[name] else { return "the oracle has no member \(name)" }
                if let difference = difference(value, other) { return difference }
            }
        }
        return theirs.count == ours.count ? nil : "the oracle has \(theirs.count) members, ours \(ours.count)"
    }

    private mutating func difference(_ ours: JSONValue, _ theirs: Any) -> String? {
        switch ours.kind {
        case .object: return ours.object.flatMap { difference($0, theirs) }
        case .array:
            guard let elements = ours.elements, let theirs = theirs as? [Any] else { return "no array" }
            guard elements.underestimatedCount == theirs.count else { return "another number of elements" }
            for (element, other) in zip(elements, theirs) {
                if let difference = difference(element, other) { return difference }
            }
            return nil
        case .string:
            guard let text = ours.text, let theirs = theirs as? String else { return "no string" }
            guard ours.textByteCount == text.count else { return "textByteCount" }
            return text.elementsEqual(theirs.utf8) ? nil : "another string"
        case .number: return differenceOfNumbers(ours, theirs)
        case .true, .false:
            guard let number = theirs as? NSNumber, isBool(number) else { return "no boolean" }
            return ours.bool == number.boolValue ? nil : "another boolean"
        case .null: return theirs is NSNull ? nil : "not null"
        }
    }

    private mutating func differenceOfNumbers(_ ours: JSONValue, _ theirs: Any) -> String? {
        guard let text = ours.number, let theirs = theirs as? NSNumber, !isBool(theirs) else {
            return "no number"
        }
        if let integer = ours.integer {
            return theirs.int64Value == integer && theirs.stringValue == String(integer)
                ? nil : "another integer"
        }
        guard let double = double(text) else { return "no number" }
        if theirs.doubleValue == double { return nil }
        guard theirs is NSDecimalNumber, abs(theirs.doubleValue - double) <= abs(double) * 1e-14 else {
            return "another number"
        }
        met.insert(.decimal)
        return nil
    }

    private func isBool(_ number: NSNumber) -> Bool {
        unsafe number.objCType.pointee == CChar(UInt8(ascii: "c"))
    }

    private func double(_ number: ArraySlice<UInt8>) -> Double? {
        Double(String(decoding: number, as: UTF8.self))
    }

    private static func removingMarks(_ text: [UInt8]) -> [UInt8] {
        var rest: [UInt8] = []
        for byte in text {
            rest.append(byte)
            if byte == 0xBF, rest.suffix(3) == [0xEF, 0xBB, 0xBF] { rest.removeLast(3) }
        }
        return rest
    }

    private func keyCount(_ value: Any) -> Int {
        if let object = value as? [String: Any] {
            return object.values.reduce(object.count) { $0 + keyCount($1) }
        }
        if let array = value as? [Any] { return array.reduce(0) { $0 + keyCount($1) } }
        return 0
    }
}

/// What a text that the oracle accepts looks like, counted on its brackets and colons outside strings.
struct JSONShape {
    private(set) var colons = 0
    private(set) var deepest = 0
    private(set) var mostColonsInOne = 0

    init(_ text: [UInt8]) {
        var colonsOfOpen: [Int] = []
        var isInString = false
        var isEscaped = false
        for byte in text {
            if isInString {
                if byte == UInt8(ascii: "\""), !isEscaped { isInString = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): colonsOfOpen.append(0)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = colonsOfOpen.popLast()
            case UInt8(ascii: ":"):
                colons += 1
                if !colonsOfOpen.isEmpty { colonsOfOpen[colonsOfOpen.count - 1] += 1 }
            default: break
            }
            deepest = max(deepest, colonsOfOpen.count)
            mostColonsInOne = max(mostColonsInOne, colonsOfOpen.last ?? 0)
        }
    }
}
