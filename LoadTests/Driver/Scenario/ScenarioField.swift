import SessionProtocol

/// One key of a part of a scenario file: what it is, what it may hold, and where that goes.
///
/// The table of them, in `ScenarioFields.swift`, is all that the reader, the schema and the manual know of the file.
/// Defaults are not in it: they are what the `Scenario` types begin with.
struct ScenarioField<Part>: Sendable {
    let name: String
    /// Puts a value where it belongs, or says what is wrong with it.
    let take:
        @Sendable (_ value: JSONValue, _ place: String, _ part: inout Part, inout ScenarioFindings) -> Void
    /// Complains that the key is not there; does nothing when it need not be.
    let miss: @Sendable (_ place: String, inout ScenarioFindings) -> Void
    /// What to tell about it, with the default that it has in `blank`.
    let key: @Sendable (_ blank: Part) -> ScenarioKey
}

/// What can be told of a key: to a schema, to a manual, to whoever got it wrong.
struct ScenarioKey: Equatable, Sendable {
    enum Shape: Equatable, Sendable {
        case text(pattern: String?, characters: ClosedRange<Int>)
        case flag
        case whole(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case choice([String])
        /// An object of two whole numbers, `from` and `to`.
        case span(ClosedRange<Int>)
        indirect case part([ScenarioKey])
        indirect case list([ScenarioKey], most: Int)
    }

    var name: String
    var shape: Shape
    /// Empty when it has none.
    var unit: String
    var meaning: String
    var isRequired: Bool
    /// As JSON; nil when there is none.
    var fallback: String?
}

/// What reading has found so far.
struct ScenarioFindings {
    var problems: [ScenarioProblem] = []
    /// Places that do not hold what their author meant; rules that look at them say nothing.
    var doubtful: [String] = []

    /// Something is wrong at this place.
    mutating func refuse(_ place: String, _ sentence: String) {
        problems.append(ScenarioProblem(place: place, sentence: sentence))
        doubtful.append(place)
    }
}

// MARK: - Reading

extension ScenarioField {
    /// Reads an object of the file into a part of the scenario, which stands at `place`.
    static func read(
        _ object: JSONObject,
        _ fields: [ScenarioField],
        at place: String,
        into part: inout Part,
        _ findings: inout ScenarioFindings
    ) {
        var seen: Set<String> = []
        for (name, value) in object.members {
            guard let field = fields.first(where: { Array($0.name.utf8) == name }) else {
                refuse(unknown: name, at: place, among: fields.map(\.name), &findings)
                continue
            }
            seen.insert(field.name)
            field.take(value, joined(place, field.name), &part, &findings)
        }
        for field in fields where !seen.contains(field.name) {
            let path = joined(place, field.name)
            // Whoever misspelt it knows that it has to be there.
            if !findings.doubtful.contains(path) { field.miss(path, &findings) }
        }
    }

    private static func joined(_ place: String, _ name: String) -> String {
        place.isEmpty ? name : "\(place).\(name)"
    }

    private static func refuse(
        unknown name: [UInt8],
        at place: String,
        among known: [String],
        _ findings: inout ScenarioFindings
    ) {
        // What may be a person's name may be shown on a terminal.
        guard TextRules.name.problem(in: name) == nil else {
            let listed = known.joined(separator: ", ")
            let owner = place.isEmpty ? "the file" : place
            findings.problems.append(
                ScenarioProblem(
                    place: owner,
                    sentence: "There is a key that cannot be shown; known are: \(listed)."
                )
            )
            return
        }
        let text = String(decoding: name, as: UTF8.self)
        var sentence = "There is no such key; known here are: \(known.joined(separator: ", "))."
        if let nearest = NearestName.of(text, among: known) {
            sentence = "There is no such key. Did you mean \(nearest)?"
            findings.doubtful.append(joined(place, nearest))
        }
        findings.problems.append(ScenarioProblem(place: joined(place, text), sentence: sentence))
    }
}

// MARK: - Single values

extension ScenarioField {
    /// A value that is read by itself: `read` answers nil for what will not do.
    static func value<Value: Sendable>(
        _ path: any WritableKeyPath<Part, Value> & Sendable,
        shape: ScenarioKey.Shape,
        _ label: Label,
        read: @escaping @Sendable (JSONValue) -> Value?,
        show: @escaping @Sendable (Value) -> String?
    ) -> ScenarioField {
        let wanted = shape.wanted + (label.unit.isEmpty ? "" : " (\(label.unit))")
        return ScenarioField(
            name: label.name,
            take: { value, place, part, findings in
                if let read = read(value) {
                    part[keyPath: path] = read
                } else {
                    findings.refuse(place, "\(value.shown) will not do; it takes \(wanted).")
                }
            },
            miss: { place, findings in
                if label.isRequired {
                    findings.refuse(place, "It is missing, and has no default; it takes \(wanted).")
                }
            },
            key: { blank in
                ScenarioKey(
                    name: label.name,
                    shape: shape,
                    unit: label.unit,
                    meaning: label.meaning,
                    isRequired: label.isRequired,
                    fallback: label.isRequired ? nil : show(blank[keyPath: path])
                )
            }
        )
    }

    /// What a key is called, and what it means.
    struct Label: Sendable {
        let name: String
        let unit: String
        let isRequired: Bool
        let meaning: String

        init(_ name: String, unit: String = "", isRequired: Bool = false, _ meaning: String) {
            self.name = name
            self.unit = unit
            self.isRequired = isRequired
            self.meaning = meaning
        }
    }
}

extension ScenarioKey.Shape {
    /// The values that it takes, in words.
    fileprivate var wanted: String {
        switch self {
        case .text(let pattern, let characters):
            pattern == nil
                ? "a text of \(characters.lowerBound) to \(characters.upperBound) bytes, on one line"
                : "at most \(characters.upperBound) small letters, digits and hyphens, a letter first"
        case .flag: "true or false"
        case .whole(let range): "a whole number \(range.inWords)"
        case .number(let range): "a number from \(range.lowerBound.short) to \(range.upperBound.short)"
        case .choice(let names): "one of " + names.map { "\"\($0)\"" }.joined(separator: ", ")
        case .span(let range): "two whole numbers \(range.inWords)"
        case .part: "an object { … }"
        case .list(_, let most): "a list [ … ] of at most \(most) objects"
        }
    }
}

extension ClosedRange<Int> {
    fileprivate var inWords: String {
        "from \(lowerBound.grouped) to \(upperBound.grouped)"
    }
}

extension JSONValue {
    /// The value as it stands in the file, if it is short, else what it is.
    fileprivate var shown: String {
        switch kind {
        case .object: return "An object"
        case .array: return "A list"
        case .string:
            guard let text, text.count <= 40, TextRules.name.problem(in: text) == nil else {
                return "This text"
            }
            return "\"\(String(decoding: text, as: UTF8.self))\""
        case .number:
            guard let number, number.count <= 40 else { return "This number" }
            return String(decoding: number, as: UTF8.self)
        case .true: return "true"
        case .false: return "false"
        case .null: return "null"
        }
    }
}
