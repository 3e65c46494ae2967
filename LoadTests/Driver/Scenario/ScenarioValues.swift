import SessionProtocol

// The kinds of values that a scenario file holds, each with how it is read and how its default is spelled.
extension ScenarioField {
    /// Text on one line; letters, digits and hyphens only when `isPlain`.
    static func text(
        _ path: any WritableKeyPath<Part, String> & Sendable,
        bytes: ClosedRange<Int>,
        isPlain: Bool = false,
        _ label: Label
    ) -> ScenarioField {
        let pattern = "^[a-z][a-z0-9-]*$"
        return value(path, shape: .text(pattern: isPlain ? pattern : nil, characters: bytes), label) {
            value in
            guard let text = value.text, bytes.contains(text.count) else { return nil }
            if isPlain {
                let isLetter = text.first.map { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 } ?? false
                guard isLetter, text.allSatisfy(isPlainByte) else { return nil }
            } else {
                guard
                    text.isEmpty || TextRules.name.limited(toBytes: bytes.upperBound).problem(in: text) == nil
                else { return nil }
            }
            return String(decoding: text, as: UTF8.self)
        } show: {
            "\"\($0)\""
        }
    }

    /// True or false.
    static func flag(_ path: any WritableKeyPath<Part, Bool> & Sendable, _ label: Label) -> ScenarioField {
        value(path, shape: .flag, label) {
            $0.bool
        } show: {
            "\($0)"
        }
    }

    /// A whole number.
    static func whole<Number: BinaryInteger & Sendable>(
        _ path: any WritableKeyPath<Part, Number> & Sendable,
        _ range: ClosedRange<Int>,
        _ label: Label
    ) -> ScenarioField {
        value(path, shape: .whole(range), label) { value in
            guard let number = value.whole, range.contains(number) else { return nil }
            return Number(number)
        } show: {
            "\($0)"
        }
    }

    /// A whole number that may be left out, and has no default then.
    static func whole(
        optional path: any WritableKeyPath<Part, Int?> & Sendable,
        _ range: ClosedRange<Int>,
        _ label: Label
    ) -> ScenarioField {
        value(path, shape: .whole(range), label) { value in
            guard let number = value.whole, range.contains(number) else { return nil }
            return .some(number)
        } show: {
            $0.map { "\($0)" }
        }
    }

    /// Any number.
    static func number(
        _ path: any WritableKeyPath<Part, Double> & Sendable,
        _ range: ClosedRange<Double>,
        _ label: Label
    ) -> ScenarioField {
        value(path, shape: .number(range), label) { value in
            guard let number = value.decimal, range.contains(number) else { return nil }
            return number
        } show: {
            Int(exactly: $0).map { "\($0)" } ?? "\($0)"
        }
    }

    /// One of a few words.
    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ path: any WritableKeyPath<Part, Choice> & Sendable,
        _ label: Label
    ) -> ScenarioField {
        value(path, shape: .choice(Choice.allCases.map(\.rawValue)), label) { value in
            value.text.flatMap { Choice(rawValue: String(decoding: $0, as: UTF8.self)) }
        } show: {
            "\"\($0.rawValue)\""
        }
    }

    /// Two whole numbers, of which a random one between is taken.
    static func span(
        _ path: any WritableKeyPath<Part, Scenario.Span> & Sendable,
        _ range: ClosedRange<Int>,
        _ label: Label
    ) -> ScenarioField {
        let ends: [ScenarioField<Scenario.Span>] = [
            .whole(\.from, range, .init("from", unit: label.unit, isRequired: true, "The smallest.")),
            .whole(\.to, range, .init("to", unit: label.unit, isRequired: true, "The largest.")),
        ]
        return ScenarioField(
            name: label.name,
            take: { value, place, part, findings in
                guard let object = value.object else {
                    return findings.refuse(
                        place,
                        "Two whole numbers have to stand here: { \"from\": …, \"to\": … }."
                    )
                }
                var span = Scenario.Span(from: range.lowerBound, to: range.upperBound)
                ScenarioField<Scenario.Span>.read(object, ends, at: place, into: &span, &findings)
                if span.from > span.to {
                    findings.refuse(place, "from is more than to; put the smaller number first.")
                }
                part[keyPath: path] = span
            },
            miss: { _, _ in },
            key: { blank in
                let span = blank[keyPath: path]
                return ScenarioKey(
                    name: label.name,
                    shape: .span(range),
                    unit: label.unit,
                    meaning: label.meaning,
                    isRequired: false,
                    fallback: "{\"from\": \(span.from), \"to\": \(span.to)}"
                )
            }
        )
    }

    private static func isPlainByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

// MARK: - Parts and lists

extension ScenarioField {
    /// An object with keys of its own.
    static func part<Inner>(
        _ path: any WritableKeyPath<Part, Inner> & Sendable,
        _ fields: [ScenarioField<Inner>],
        _ label: Label
    ) -> ScenarioField {
        ScenarioField(
            name: label.name,
            take: { value, place, part, findings in
                guard let object = value.object else {
                    return findings.refuse(place, "An object { … } has to stand here.")
                }
                ScenarioField<Inner>.read(object, fields, at: place, into: &part[keyPath: path], &findings)
            },
            miss: { place, findings in
                for field in fields { field.miss("\(place).\(field.name)", &findings) }
            },
            key: { blank in
                ScenarioKey(
                    name: label.name,
                    shape: .part(fields.map { $0.key(blank[keyPath: path]) }),
                    unit: "",
                    meaning: label.meaning,
                    isRequired: label.isRequired,
                    fallback: nil
                )
            }
        )
    }

    /// A list of objects, each beginning as `blank`.
    static func list<Element: Sendable>(
        _ path: any WritableKeyPath<Part, [Element]> & Sendable,
        of blank: Element,
        _ fields: [ScenarioField<Element>],
        most: Int,
        _ label: Label
    ) -> ScenarioField {
        ScenarioField(
            name: label.name,
            take: { value, place, part, findings in
                guard let elements = value.elements, elements.underestimatedCount <= most else {
                    return findings.refuse(
                        place,
                        "A list [ … ] of at most \(most) objects has to stand here."
                    )
                }
                for (index, element) in elements.enumerated() {
                    // Also where it is nonsense, so that the places of those behind it are right.
                    var read = blank
                    let place = "\(place)[\(index)]"
                    if let object = element.object {
                        ScenarioField<Element>.read(object, fields, at: place, into: &read, &findings)
                    } else {
                        findings.refuse(place, "An object { … } has to stand here.")
                    }
                    part[keyPath: path].append(read)
                }
            },
            miss: { _, _ in },
            key: { _ in
                ScenarioKey(
                    name: label.name,
                    shape: .list(fields.map { $0.key(blank) }, most: most),
                    unit: "",
                    meaning: label.meaning,
                    isRequired: false,
                    fallback: "[]"
                )
            }
        )
    }

    /// Text for an editor, which nobody here reads.
    static func note(_ label: Label) -> ScenarioField {
        ScenarioField(
            name: label.name,
            take: { value, place, _, findings in
                if value.text == nil { findings.refuse(place, "A text has to stand here, for your editor.") }
            },
            miss: { _, _ in },
            key: { _ in
                ScenarioKey(
                    name: label.name,
                    shape: .text(pattern: nil, characters: 0...ScenarioReader.maxBytes),
                    unit: "",
                    meaning: label.meaning,
                    isRequired: false,
                    fallback: nil
                )
            }
        )
    }
}

extension ScenarioField<[Scenario.Threshold]> {
    /// A threshold on a measure; without it there is none.
    static func threshold(_ measure: Scenario.Measure, unit: String, _ meaning: String) -> ScenarioField {
        let range = 0...1e9
        return ScenarioField(
            name: measure.rawValue,
            take: { value, place, thresholds, findings in
                if let limit = value.decimal, range.contains(limit) {
                    thresholds.append(Scenario.Threshold(measure: measure, limit: limit))
                } else {
                    findings.refuse(place, "It takes a number, 0 or more (\(unit)).")
                }
            },
            miss: { _, _ in },
            key: { _ in
                ScenarioKey(
                    name: measure.rawValue,
                    shape: .number(range),
                    unit: unit,
                    meaning: meaning,
                    isRequired: false,
                    fallback: nil
                )
            }
        )
    }
}

extension JSONValue {
    fileprivate var whole: Int? { integer.flatMap { Int(exactly: $0) } }

    fileprivate var decimal: Double? {
        // Nobody means a number of a hundred digits.
        guard let number, number.count <= 100 else { return nil }
        return Double(String(decoding: number, as: UTF8.self))
    }
}
