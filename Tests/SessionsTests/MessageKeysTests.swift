import Testing

@testable import Sessions

@Suite struct MessageKeysTests {
    private func key(_ number: Int) -> MessageKey { MessageKey(key: Text("k\(number)"), message: number + 2) }

    @Test func `sixty-four keys count, however many came before`() {
        var keys = MessageKeys()
        for number in 0..<300 {
            keys.append(key(number))
            #expect(keys.message(Text("k\(number)")) == number + 2)
            let first = max(0, number - 63)
            #expect(keys.all.map(\.message) == Array(first + 2...number + 2))
            #expect(keys.message(Text("k\(first)")) == first + 2)
            #expect(keys.message(Text("k\(first - 1)")) == nil)
        }
        #expect(keys == MessageKeys(Array(keys.all)))
    }

    @Test func `a key that named two messages names the later one`() {
        let keys = MessageKeys([key(1), MessageKey(key: Text("k1"), message: 9), key(2)])
        #expect(keys.message(Text("k1")) == 9)
    }
}
