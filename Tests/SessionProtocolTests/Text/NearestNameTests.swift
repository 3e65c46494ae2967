import SessionProtocol
import Testing

struct NearestNameTests {
    private let known = ["seconds", "sessions", "seed", "people"]

    @Test(arguments: [
        ("secnods", "seconds"), ("second", "seconds"), ("session", "sessions"), ("sed", "seed"),
        ("poeple", "people"), ("peple", "people"), ("seeds", "seed"),
    ])
    func `a slip of the pen finds what was meant`(name: String, meant: String) {
        #expect(NearestName.of(name, among: known) == meant)
    }

    @Test func `what is far from everything finds nothing`() {
        #expect(NearestName.of("thresholds", among: known) == nil)
        #expect(NearestName.of("", among: ["abc"]) == nil)
        #expect(NearestName.of(String(repeating: "s", count: 65), among: known) == nil)
        #expect(NearestName.of("seed", among: []) == nil)
    }

    @Test func `two neighbours that swapped their places are one change`() {
        #expect(NearestName.distance(Array("ab".utf8), Array("ba".utf8)) == 1)
        #expect(NearestName.distance(Array("seed".utf8), Array("seed".utf8)) == 0)
        #expect(NearestName.distance([], Array("seed".utf8)) == 4)
        #expect(NearestName.distance(Array("kitten".utf8), Array("sitting".utf8)) == 3)
    }
}
