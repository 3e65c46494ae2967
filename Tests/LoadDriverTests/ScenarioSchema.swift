@testable import plenary_load

/// The JSON Schema of scenario files, and the manual's table, made from what the reader knows.
enum ScenarioSchema {
    private static let keys = Scenario.fields.map { $0.key(.blank) }

    /// `LoadTests/Scenarios/scenario.schema.json`.
    static var text: String {
        let head: [(String, Node)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text("A scenario of plenary-load")),
            (
                "description",
                .text(
                    "An evening to be played. Times are seconds from its beginning, shares are from 0 to 1. "
                        + "`plenary-load check` also looks at how the values fit together."
                )
            ),
        ]
        return Node.object(head + object(of: keys)).text(indent: 0) + "\n"
    }

    /// The rows of the table in `LoadTests/README.md`.
    static var table: String {
        let head = "| key | what | unit | takes | default |\n| --- | --- | --- | --- | --- |\n"
        return head + rows(of: keys, in: "").joined()
    }
}

extension ScenarioSchema {
    private static func object(of keys: [ScenarioKey]) -> [(String, Node)] {
        let required = keys.filter(\.isRequired).map { Node.text($0.name) }
        return [
            ("type", .text("object")),
            ("properties", .object(keys.map { ($0.name, .object(schema(of: $0))) })),
        ] + (required.isEmpty ? [] : [("required", .list(required))])
            + [("additionalProperties", .raw("false"))]
    }

    private static func schema(of key: ScenarioKey) -> [(String, Node)] {
        var members: [(String, Node)] = [
            ("title", .text(title(of: key.name))),
            ("description", .text(key.meaning + (key.unit.isEmpty ? "" : " Unit: \(key.unit)."))),
        ]
        switch key.shape {
        case .text(let pattern, let characters):
            members += [("type", .text("string"))]
            members += pattern.map { [("pattern", .text($0))] } ?? []
            members += [
                ("minLength", .raw("\(characters.lowerBound)")),
                ("maxLength", .raw("\(characters.upperBound)")),
            ]
        case .flag: members += [("type", .text("boolean"))]
        case .whole(let range): members += whole(range)
        case .number(let range):
            members += [
                ("type", .text("number")), ("minimum", .raw("\(Int(range.lowerBound))")),
                ("maximum", .raw("\(Int(range.upperBound))")),
            ]
        case .choice(let names): members += [("enum", .list(names.map(Node.text)))]
        case .span(let range):
            members += [
                ("type", .text("object")),
                ("properties", .object(["from", "to"].map { ($0, .object(whole(range))) })),
                ("required", .list([.text("from"), .text("to")])), ("additionalProperties", .raw("false")),
            ]
        case .part(let keys):
            members += object(of: keys)
            // It has to be there, and none of its keys has to: at least one, then.
            if key.isRequired, !keys.contains(where: \.isRequired) {
                members.append(("minProperties", .raw("1")))
            }
        case .list(let keys, let most):
            members += [
                ("type", .text("array")), ("maxItems", .raw("\(most)")), ("items", .object(object(of: keys))),
            ]
        }
        if let fallback = key.fallback { members.append(("default", .raw(fallback))) }
        return members
    }

    private static func whole(_ range: ClosedRange<Int>) -> [(String, Node)] {
        [
            ("type", .text("integer")), ("minimum", .raw("\(range.lowerBound)")),
            ("maximum", .raw("\(range.upperBound)")),
        ]
    }

    /// `secondDevice` is "Second device".
    private static func title(of name: String) -> String {
        let spaced = name.reduce(into: "") { words, letter in
            let startsWord = letter.isUppercase && words.last?.isLowercase == true
            words += (startsWord ? " " : "") + (startsWord ? letter.lowercased() : String(letter))
        }
        let words = spaced.drop { $0 == "$" }
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}

extension ScenarioSchema {
    private static func rows(of keys: [ScenarioKey], in place: String) -> [String] {
        keys.flatMap { key -> [String] in
            let path = place + key.name
            switch key.shape {
            case .part(let keys): return [row(key, path, takes: "")] + rows(of: keys, in: path + ".")
            case .list(let keys, let most):
                return [row(key, path, takes: "at most \(most)")] + rows(of: keys, in: path + "[].")
            case .text(let pattern, let characters):
                let what = pattern == nil ? "text" : "small letters, digits, hyphens"
                return [row(key, path, takes: "\(what), at most \(characters.upperBound.grouped)")]
            case .flag: return [row(key, path, takes: "true or false")]
            case .whole(let range): return [row(key, path, takes: words(range))]
            case .number(let range):
                return [row(key, path, takes: "\(range.lowerBound.short) to \(range.upperBound.short)")]
            case .choice(let names):
                return [row(key, path, takes: names.map { "`\"\($0)\"`" }.joined(separator: ", "))]
            case .span(let range): return [row(key, path, takes: "`from`, `to`: \(words(range))")]
            }
        }
    }

    private static func row(_ key: ScenarioKey, _ path: String, takes: String) -> String {
        let fallback = key.isRequired ? "has to be given" : key.fallback.map { "`\($0)`" } ?? ""
        return "| `\(path)` | \(key.meaning) | \(key.unit) | \(takes) | \(fallback) |\n"
    }

    private static func words(_ range: ClosedRange<Int>) -> String {
        "\(range.lowerBound.grouped) to \(range.upperBound.grouped)"
    }
}

/// A JSON value whose members keep their order.
private enum Node {
    case text(String)
    /// JSON already.
    case raw(String)
    indirect case list([Node])
    indirect case object([(String, Node)])

    /// Objects over several lines, lists on one.
    func text(indent: Int) -> String {
        switch self {
        case .raw(let json): return json
        case .text(let text):
            let escaped = text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
            return "\"" + String(escaped) + "\""
        case .list(let elements):
            return "[" + elements.map { $0.text(indent: indent) }.joined(separator: ", ") + "]"
        case .object(let members):
            let space = String(repeating: " ", count: indent + 2)
            let lines = members.map { "\(space)\"\($0)\": \($1.text(indent: indent + 2))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + space.dropLast(2) + "}"
        }
    }
}
