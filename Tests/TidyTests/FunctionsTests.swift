import Testing

@Suite struct FunctionsTests {
    private func found(_ source: String) -> [Function] {
        functions(in: tokens(of: SwiftText(source).code))
    }

    @Test func `functions are found from their first word to their last brace`() {
        let source = """
            struct A {
                init?(b: Int = { 1 }()) throws(E) {
                }
                func c<T>(_ d: [T]) -> (T) -> Void where T: E {
                    let f = { "}" }  // }
                }
                var g: Int { 1 }
                subscript(h: Int) -> Int {
                    h
                }
            }
            """
        #expect(found(source).map(\.name) == ["init", "c", "g", "subscript"])
        #expect(found(source).map(\.lines) == [2...3, 4...6, 7...7, 8...10])
    }

    @Test func `a requirement, a call of init and a stored property have no body`() {
        let source = """
            protocol A {
                func b() -> Int
                init(c: Int)
            }
            struct D {
                var e: Int
                var f = [1].map { $0 }
                let g = D.init(e: 1, f: [])
            }
            """
        #expect(found(source).isEmpty)
    }

    @Test func `a function inside another counts for both`() {
        let source = "func a() {\n    func b() {\n    }\n}"
        #expect(found(source).map(\.length) == [4, 2])
    }

    @Test func `a case on one line costs nothing, a case with a body does`() {
        let table =
            "func a(_ b: Int) {\n    switch b {\n    case 1: c()\n    case 2, 3: d()\n    default: break\n    }\n}"
        #expect(found(table).map(\.length) == [4])
        let bodies =
            "func a(_ b: Int) {\n    switch b {\n    case 1:\n        c()\n    default:\n        d()\n    }\n}"
        #expect(found(bodies).map(\.length) == [8])
    }
}
