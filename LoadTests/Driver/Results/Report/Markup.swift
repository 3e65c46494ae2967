/// A piece of a page that is well-formed by construction, as HTML and as XML.
///
/// Text gets in only through `init(_:)` and attributes, which escape it; elements are closed by whoever opened them.
struct Markup: Equatable {
    let source: String

    /// Text, escaped; controls are made visible, since neither language has them.
    init(_ text: String) {
        source = Self.escaped(text)
    }

    /// An element; one of the void elements when it has no content and the name is one of theirs.
    init(_ name: String, _ attributes: KeyValuePairs<String, String>, _ content: [Markup]) {
        var source = "<\(name)"
        for (key, value) in attributes { source += " \(key)=\"\(Self.escaped(value))\"" }
        if Self.void.contains(name), content.isEmpty {
            source += "/>"
        } else {
            source += ">" + content.map(\.source).joined() + "</\(name)>"
        }
        // Blocks have a line each, for whoever reads the source.
        self.source = Self.inline.contains(name) ? source : source + "\n"
    }

    /// An element without attributes.
    init(_ name: String, _ content: [Markup]) {
        self.init(name, [:], content)
    }

    /// An element that holds only text.
    init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
        self.init(name, attributes, [Markup(text)])
    }

    /// A style sheet of our own, which is not escaped; it must have neither `<` nor `&`.
    static func style(_ sheet: String) -> Markup {
        precondition(!sheet.contains { $0 == "<" || $0 == "&" })
        return Markup(raw: "<style>\(sheet)</style>\n")
    }

    private init(raw: String) {
        source = raw
    }

    private static let void: Set<String> = ["meta", "link", "path", "line", "rect"]
    private static let inline: Set<String> = [
        "span", "strong", "em", "b", "a", "code", "bdi", "small", "td", "th", "time",
    ]

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in visible(text).unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}

extension Markup {
    /// A table with a caption; the first column holds what the row is about, the others numbers.
    static func table(
        caption: String,
        head: [String],
        rows: [[String]],
        class name: String = "figures"
    ) -> Markup {
        table(caption: caption, head: head, cells: rows.map { $0.map { [Markup($0)] } }, class: name)
    }

    /// The same with markup in its cells.
    static func table(
        caption: String,
        head: [String],
        cells: [[[Markup]]],
        class name: String = "figures"
    ) -> Markup {
        let heads = head.map { Markup("th", ["scope": "col"], text: $0) }
        let body = cells.map { row in
            Markup(
                "tr",
                row.enumerated().map { index, cell in
                    index == 0 ? Markup("th", ["scope": "row"], cell) : Markup("td", cell)
                }
            )
        }
        let table = Markup(
            "table",
            ["class": name],
            [
                Markup("caption", text: caption), Markup("thead", [Markup("tr", heads)]),
                Markup("tbody", body),
            ]
        )
        // Wider than a phone at times: it scrolls by itself, also by keyboard.
        let frame: KeyValuePairs = [
            "class": "scroller", "role": "region", "aria-label": caption, "tabindex": "0",
        ]
        return Markup("div", frame, [table])
    }

    /// Terms with what stands for each.
    static func terms(_ terms: [(term: String, text: [Markup])], class name: String) -> Markup {
        let groups = terms.map {
            Markup("div", [Markup("dt", text: $0.term), Markup("dd", $0.text)])
        }
        return Markup("dl", ["class": name], groups)
    }

    /// A part of the page with its heading.
    static func section(_ title: String, id: String, _ content: [Markup]) -> Markup {
        Markup(
            "section",
            ["aria-labelledby": id],
            [Markup("h2", ["id": id], text: title)] + content
        )
    }
}
