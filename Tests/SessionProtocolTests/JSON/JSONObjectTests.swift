import SessionProtocol
import Testing

struct JSONObjectTests {
    @Test func `members are taken by name in any order`() throws {
        var object = try readJSON("{\"a\":{\"x\":[1,2]},\"b\":[[],[]],\"c\":3}")
        let (c, b, a, again) = (object.take("c"), object.take("b"), object.take("a"), object.take("c"))
        #expect(c?.integer == 3)
        #expect(b?.elements?.underestimatedCount == 2)
        #expect(a?.object?.count == 1)
        #expect(again?.integer == 3)
        #expect(object.firstUntaken == nil)
        let (none, empty) = (object.take("x"), object.take(""))
        #expect(none == nil)
        #expect(empty == nil)
    }

    @Test func `a member that is null is there`() throws {
        var object = try readJSON("{\"a\":null}")
        let a = object.take("a")
        #expect(a?.isNull == true)
        #expect(object.firstUntaken == nil)
    }

    @Test func `names are compared without escapes and in full`() throws {
        var object = try readJSON("{\"ro\\u006fm\":1,\"roo\":2,\"rooms\":3,\"\":4}")
        let (room, rooms, empty) = (object.take("room"), object.take("rooms"), object.take(""))
        #expect(room?.integer == 1)
        #expect(rooms?.integer == 3)
        #expect(empty?.integer == 4)
        #expect(object.firstUntaken == Array("roo".utf8))
    }

    // HOSTILE 42

    @Test func `the first member that nobody asked for is named`() throws {
        var object = try readJSON("{\"id\":1,\"colour\\n\":{\"id\":2},\"shape\":3,\"do\":\"x\"}")
        #expect(object.firstUntaken == Array("id".utf8))
        #expect(object["colour\n"]?.object?.count == 1)
        #expect(object.firstUntaken == Array("id".utf8))
        _ = object.take("id")
        _ = object.take("do")
        #expect(object.firstUntaken == Array("colour\n".utf8))
    }

    @Test func `all 64 members are remembered`() throws {
        let text = "{" + (0..<64).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
        var object = try readJSON(text)
        let (last, first) = (object.take("k63"), object.take("k0"))
        #expect(last?.integer == 63)
        #expect(first?.integer == 0)
        #expect(object.firstUntaken == Array("k1".utf8))
    }

    @Test func `members come in the order of the text`() throws {
        let object = try readJSON("{\"b\":[1,{\"z\":2}],\"a\":{\"y\":{}},\"\\u0063\":null}")
        #expect(object.members.map(\.name) == [Array("b".utf8), Array("a".utf8), Array("c".utf8)])
        #expect(object.members.map(\.value.kind) == [.array, .object, .null])
        #expect(try readJSON("{}").members.map(\.name).isEmpty)
    }
}
