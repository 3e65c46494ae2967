import SessionProtocol
import Testing

private func problem(inName name: String) -> TextProblem? { TextRules.name.problem(in: Array(name.utf8)) }
private func problem(inText text: String) -> TextProblem? { TextRules.text.problem(in: Array(text.utf8)) }

struct TextRulesTests {
    @Test(arguments: [
        "Anna Ångström", "José María", "e\u{301}", "Ольга", "محمد", "דָּנִיֵּאל", "山田太郎", "김하늘", "स्वप्निल", "ក្រុម",
        "می\u{200C}خواهم", "👩‍👩‍👧", "👋🏽", "❤️", "🇳🇿", "Zoë (she/her)", "R2-D2", "葛\u{E0100}城", "a\u{200E}b", "a",
        "  x  ",
    ])
    func `names of people are names`(name: String) {
        #expect(problem(inName: name) == nil)
        #expect(problem(inText: name) == nil)
    }

    @Test func `lengths are limited in bytes`() {
        #expect(problem(inName: String(repeating: "é", count: 64)) == nil)
        #expect(problem(inName: String(repeating: "é", count: 64) + "x") == .tooLong)
        #expect(problem(inText: String(repeating: "x", count: 4_000)) == nil)
        #expect(problem(inText: String(repeating: "x", count: 4_001)) == .tooLong)
        #expect(TextRules.name.limited(toBytes: 3).problem(in: Array("abcd".utf8)) == .tooLong)
        #expect(TextRules.name.limited(toBytes: 3).problem(in: Array("a\nb".utf8)) == .control)
    }

    @Test func `a name and a message show something, a text need not`() {
        let nothing = ["", " ", " \u{A0}\u{3000}", "\u{2003}", "\u{2800}\u{2800}", "\u{301}"]
        for blank in nothing {
            #expect(problem(inName: blank) == .blank)
            #expect(TextRules.message.problem(in: Array(blank.utf8)) == .blank)
            #expect(problem(inText: blank) == nil)
        }
        #expect(TextRules.message.problem(in: Array("\n\t".utf8)) == .blank)
        #expect(TextRules.message.problem(in: Array("\n.\n".utf8)) == nil)
        #expect(TextRules.message.problem(in: Array("👍".utf8)) == nil)
    }

    @Test func `controls are refused, but for line feed and tab in text`() {
        for value in Array(UInt32(0)..<0x20) + Array(0x7F..<0xA0) {
            guard let control = Unicode.Scalar(value) else { continue }
            let isAllowedInText = control == "\n" || control == "\t"
            #expect(problem(inText: "a\(control)b") == (isAllowedInText ? nil : .control))
            #expect(problem(inName: "a\(control)b") == .control)
        }
        #expect(problem(inName: "a\u{2028}b") == .lineBreak)
        #expect(problem(inName: "a\u{2029}b") == .lineBreak)
        #expect(problem(inText: "a\u{2028}b") == nil)
    }

    @Test func `bytes that are not UTF-8 are no text`() {
        for bytes: [UInt8] in [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0x80]] {
            #expect(TextRules.text.problem(in: bytes) == .encoding)
            #expect(TextRules.name.problem(in: bytes) == .encoding)
        }
    }

    // HOSTILE 44

    @Test func `thirty marks may follow each other, thirty-one may not`() {
        func marked(_ mark: String, _ count: Int) -> String { "a" + String(repeating: mark, count: count) }
        for mark in ["\u{301}", "\u{20DD}", "\u{93F}", "\u{FE0F}", "\u{1D165}", "\u{591}", "\u{200D}"] {
            #expect(problem(inText: marked(mark, 30)) == nil)
            #expect(problem(inText: marked(mark, 31)) == .marks)
            #expect(problem(inText: marked(mark, 30) + marked(mark, 30)) == nil)
        }
        #expect(problem(inName: marked("\u{301}", 31)) == .marks)
        // A joiner in between does not begin a new character.
        #expect(problem(inText: marked("\u{301}\u{200D}", 16)) == .marks)
    }

    @Test func `64 KiB of marks are judged by length, or at the thirty-first`() {
        let marks = Array(String(repeating: "\u{301}", count: 32_768).utf8)
        #expect(marks.count == 65_536)
        #expect(TextRules.text.problem(in: marks) == .tooLong)
        #expect(TextRules.name.problem(in: marks) == .tooLong)
        #expect(TextRules.text.limited(toBytes: 65_536).problem(in: marks) == .marks)
    }

    @Test func `every mark of Unicode counts as one`() {
        var wrong: [Unicode.Scalar] = []
        // There are none in the planes between, which hold Han.
        for value in Array(UInt32(0xA0)..<0x2_0000) + Array(0xE_0000..<0xE_1000) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let category = scalar.properties.generalCategory
            guard category == .nonspacingMark || category == .enclosingMark || category == .spacingMark else {
                continue
            }
            let text = Array(repeating: Array(scalar.utf8), count: 31).flatMap(\.self)
            if TextRules.text.problem(in: text) != .marks { wrong.append(scalar) }
        }
        #expect(wrong.isEmpty)
    }

    @Test func `what is no mark is not counted`() {
        for text in ["é", "ж", "漢", "한", "👋", "क", "ا", "\u{2028}"] {
            #expect(problem(inText: String(repeating: text, count: 40)) == nil)
        }
    }

    // HOSTILE 46

    @Test(arguments: [
        "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2066}", "\u{2067}", "\u{2068}",
        "\u{2069}",
    ])
    func `a name does not turn the text around it`(override: String) {
        #expect(problem(inName: "Anna\(override)annA") == .bidirectional)
        #expect(problem(inName: override) == .bidirectional)
        #expect(problem(inText: "Anna\(override)annA") == nil)
    }

    @Test(arguments: [
        "\u{200B}", "\u{2060}", "\u{FEFF}", "\u{AD}", "\u{180E}", "\u{2061}", "\u{206A}", "\u{3164}",
        "\u{115F}", "\u{FFA0}",
        "\u{E0041}", "\u{E0001}",
    ])
    func `a name has nothing in it that nobody sees`(invisible: String) {
        #expect(problem(inName: "An\(invisible)na") == .invisible)
        #expect(problem(inText: "An\(invisible)na") == nil)
    }

    @Test(arguments: ["\u{200C}", "\u{200D}", "\u{200E}", "\u{200F}", "\u{61C}"])
    func `joiners and direction marks stand inside a name only`(joiner: String) {
        #expect(problem(inName: "می\(joiner)خ") == nil)
        #expect(problem(inName: "\(joiner)Anna") == .invisible)
        #expect(problem(inName: "Anna\(joiner)") == .invisible)
        #expect(problem(inName: joiner) == .invisible)
        #expect(problem(inText: "\(joiner)Anna\(joiner)") == nil)
    }
}
