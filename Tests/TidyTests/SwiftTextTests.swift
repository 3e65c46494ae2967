import Testing

@Suite struct SwiftTextTests {
    private func code(_ source: String) -> String {
        String(decoding: SwiftText(source).code, as: UTF8.self)
    }

    private func words(_ source: String) -> [String] {
        tokens(of: SwiftText(source).code).map(\.text)
    }

    @Test func `code and comments keep their places`() {
        let text = SwiftText("let a = 1  // one\n/* b */ let c = 2")
        #expect(String(decoding: text.code, as: UTF8.self) == "let a = 1        \n        let c = 2")
        #expect(String(decoding: text.comments, as: UTF8.self) == "           // one\n/* b */          ")
    }

    @Test func `block comments nest and span lines`() {
        #expect(words("a /* b /* c */\n d */ e") == ["a", "e"])
        #expect(tokens(of: SwiftText("a /*\n\n*/ e").code).map(\.line) == [1, 3])
    }

    @Test func `a string hides what it says, and a comment mark inside it opens nothing`() {
        #expect(words(#"f("async { // } /* ") + g"#) == ["f", "(", "\"", "\"", ")", "+", "g"])
        #expect(words(#""an escaped \" quote" + g"#) == ["\"", "\"", "+", "g"])
    }

    @Test func `what is interpolated is code, strings inside it and all`() {
        let kept = ["\"", "(", "f", "(", "\"", "\"", ",", "g", "(", "1", ")", ")", ")", "\"", "+", "h"]
        #expect(words(#""a \(f("x", g(1))) b" + h"#) == kept)
        #expect(words(#""now \(Date())""#).contains("Date"))
    }

    @Test func `raw strings end at their own hashes and have their own escapes`() {
        #expect(words(##"#"a " \(b) \#(c) d"# + e"##) == ["#", "\"", "(", "c", ")", "\"", "#", "+", "e"])
    }

    @Test func `a string of many lines may hold quotes and braces`() {
        #expect(
            words("let s = \"\"\"\n  a \"b\" { }\n  \"\"\"\nlet t")
                == words("let s = \"\"\"\n\n\"\"\"\nlet t")
        )
    }

    @Test func `a regular expression hides its marks, a division does not`() {
        #expect(words("let r = /[{]\"/ + x").suffix(2) == ["+", "x"])
        #expect(words("let r = #/ { \" /# + x").suffix(2) == ["+", "x"])
        #expect(words("a / b + c / d") == ["a", "/", "b", "+", "c", "/", "d"])
    }

    @Test func `a name in backquotes is one word whatever it says`() {
        #expect(words("func `case { func`() {}") == ["func", "_____________", "(", ")", "{", "}"])
    }

    @Test func `a source that breaks off anywhere is read to its end`() {
        let source = "f(\"a \\(b + \"c\") d\") /* e /* */ */ // g\n#\"h\"# `i` /j/ \"\"\"\nk\n\"\"\""
        for end in source.indices {
            let part = String(source[..<end])
            #expect(code(part).utf8.count == part.utf8.count)
        }
    }
}
