import Sessions
import Testing

/// Who is from one school, however it is spelled.
@Suite struct SchoolKeyTests {
    private func key(_ name: String) -> SchoolKey { SchoolKey(Text(name)) }

    @Test(arguments: [
        ["School A", "school a", "SCHOOL A", " School  A ", "SchoolA", "School\u{A0}A", "School\tA"],
        ["Ｓｃｈｏｏｌ　Ａ", "School A", "ｓｃｈｏｏｌ a"],
        ["さくら小学校", "さくら 小学校", "さくら　小学校"],
        ["サクラガクエン", "ｻｸﾗｶﾞｸｴﾝ", "ｻｸﾗ ｶﾞｸｴﾝ"],
        ["パン", "ﾊﾟﾝ"],
        ["École Zola", "ÉCOLE ZOLA", "e\u{301}cole zola", "E\u{301}COLE ZOLA"],
        ["Straße", "STRASSE", "strasse"],
        ["Σχολείος", "ΣΧΟΛΕΊΟΣ"],
        ["Школа № 5", "ШКОЛА №5"],
        ["Sch\u{AD}ool", "Sch\u{200B}ool", "school"],
    ])
    func `case, width, spacing and how an accent is made make no difference`(names: [String]) {
        #expect(Set(names.map(key)).count == 1)
    }

    @Test func `different schools are different`() {
        let names = [
            "School A", "School B", "School", "St. Mary", "St Mary", "Ecole Zola", "École Zola", "さくら小学校",
            "サクラ小学校", "サクラ中学校", "カン", "ガン", "Школа № 5", "Школа № 6",
        ]
        #expect(Set(names.map(key)).count == names.count)
    }

    @Test(arguments: ["", " ", "\t \n", "\u{3000}", "\u{200B}\u{A0}"])
    func `nothing but spaces is no school`(name: String) {
        #expect(key(name).isEmpty)
    }

    /// Not timed: a comparison that took the square of the length would keep the whole run waiting.
    @Test func `hostile names cost no more than their length`() {
        let accents = String(repeating: "\u{301}\u{316}", count: 200_000)
        let one = key("a" + accents)
        #expect(one == key("A" + accents + "\u{316}"))
        #expect(Set([one, key("b" + accents), key(String(repeating: "ﷺ", count: 100_000))]).count == 3)
        #expect(
            SchoolKey(Text(utf8: [0xFF, 0xC3, 0x28, 0x00])) == SchoolKey(Text(utf8: [0xFF, 0xC3, 0x28]))
        )
    }
}
