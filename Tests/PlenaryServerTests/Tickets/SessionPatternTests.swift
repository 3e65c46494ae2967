import Sessions
import Testing
import Tickets

struct SessionPatternTests {
    @Test func `an id opens itself and nothing else`() throws {
        let pattern = try #require(SessionPattern("evening-1".utf8))
        #expect(pattern.matches(try #require(SessionID("evening-1".utf8))))
        #expect(!pattern.matches(try #require(SessionID("evening-10".utf8))))
        #expect(!pattern.matches(try #require(SessionID("evening-".utf8))))
        #expect(pattern.single?.text == "evening-1")
    }

    @Test func `a beginning opens all that begin so`() throws {
        let pattern = try #require(SessionPattern("evening-*".utf8))
        #expect(pattern.matches(try #require(SessionID("evening-1".utf8))))
        #expect(pattern.matches(try #require(SessionID("evening-".utf8))))
        #expect(!pattern.matches(try #require(SessionID("evening".utf8))))
        #expect(!pattern.matches(try #require(SessionID("Evening-1".utf8))))
        #expect(pattern.single == nil)
        #expect(try #require(SessionPattern("*".utf8)).matches(try #require(SessionID("x".utf8))))
    }

    @Test func `a beginning leaves room for one more letter`() {
        #expect(SessionPattern(("a" + String(repeating: "b", count: 62) + "*").utf8) != nil)
        #expect(SessionPattern(("a" + String(repeating: "b", count: 63) + "*").utf8) == nil)
        #expect(SessionPattern(("a" + String(repeating: "b", count: 64)).utf8) == nil)
    }
}
