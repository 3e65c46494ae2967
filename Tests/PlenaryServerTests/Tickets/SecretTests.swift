import Testing
import Tickets

struct SecretTests {
    @Test func `a secret is not shown, however it is printed`() throws {
        let secret = try #require(Secret(Array("canary canary canary canary canary".utf8)))
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\([secret])"] {
            #expect(!text.contains("canary"))
            #expect(!text.contains("99, 97, 110"))
        }
    }

    @Test func `a made secret is long enough and new each time`() {
        let one = Secret.makeText()
        #expect(Secret(Array(one.utf8)) != nil)
        #expect(one.utf8.count == 64)
        #expect(one != Secret.makeText())
    }
}
