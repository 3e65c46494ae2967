import SessionProtocol
import Testing

private func allows(_ sign: String) -> Bool { EmojiRule.allows(Array(sign.utf8)) }

struct EmojiRuleTests {
    @Test(arguments: [
        "same", "👍", "👍🏽", "❤️", "❤", "☺\u{FE0E}", "👩‍👩‍👧‍👦", "👩🏽‍🚀", "🧑🏻‍🤝‍🧑🏿", "🏳️‍🌈", "🇳🇿", "1️⃣", "#\u{20E3}",
        "*️⃣", "©", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "👍👍",
    ])
    func `same and every kind of emoji are signs`(sign: String) {
        #expect(allows(sign))
    }

    @Test(arguments: [
        "", " ", "a", "Same", "same ", "samesame", "1", "12", "1\u{FE0F}", "#", "👍 ", " 👍", "👍a", "a👍", "👍\n",
        "é", "漢", "ж", "\u{301}", "👍\u{301}", "1\u{20E3}1", "!", "<", "\u{0}",
    ])
    func `words, digits and marks are none`(sign: String) {
        #expect(!allows(sign))
    }

    @Test(arguments: [
        "\u{200D}", "\u{FE0F}", "\u{FE0E}", "\u{20E3}", "\u{E0067}", "\u{E007F}", "\u{200D}👍", "\u{FE0F}👍",
        "\u{200B}", "👍\u{200B}", "👍\u{202E}", "\u{2800}", "\u{3164}",
    ])
    func `what nobody sees is none, alone or in front`(sign: String) {
        #expect(!allows(sign))
    }

    @Test func `a sign has at most 32 bytes`() {
        #expect(allows(String(repeating: "👍", count: 8)))
        #expect(!allows(String(repeating: "👍", count: 9)))
        #expect(!allows("👍" + String(repeating: "\u{200D}", count: 10)))
    }

    @Test func `bytes that are not UTF-8 are none`() {
        for bytes: [UInt8] in [[0xFF], [0xF0, 0x9F, 0x91], [0xED, 0xA0, 0x80], [0x31, 0xEF]] {
            #expect(!EmojiRule.allows(bytes))
        }
    }
}
