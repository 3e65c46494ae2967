import SessionProtocol
import Testing

/// The value of `{"v": …}`.
private func value(_ text: String) throws -> JSONValue {
    let object = try readJSON("{\"v\":\(text)}")
    return try #require(object["v"])
}

struct JSONValueTests {
    // HOSTILE 43

    @Test(
        arguments: [
            ("0", 0), ("7", 7), ("-1", -1), ("10", 10), ("1790000000123", 1_790_000_000_123),
            ("9007199254740991", 9_007_199_254_740_991), ("-9007199254740991", -9_007_199_254_740_991),
        ] as [(String, Int64)]
    )
    func `an integer is read exactly`(text: String, integer: Int64) throws {
        #expect(try value(text).integer == integer)
    }

    @Test(arguments: [
        "-0", "1.5", "1.0", "0.0", "-0.0", "1e3", "1E0", "1e400", "-1e400", "1e-400", "9007199254740992",
        "9007199254740993", "-9007199254740992", "9223372036854775807", "9223372036854775808",
        "18446744073709551616",
        "99999999999999999", "-9999999999999999", "100000000000000000000000000000",
    ])
    func `a number that is not an integer within 2^53 is a number and no integer`(text: String) throws {
        let value = try value(text)
        #expect(value.kind == .number)
        #expect(value.integer == nil)
        #expect(value.number.map { Array($0) } == Array(text.utf8))
    }

    @Test func `60,000 digits are a number and no integer`() throws {
        for text in [String(repeating: "9", count: 60_000), "1" + String(repeating: "0", count: 59_999)] {
            let value = try value(text)
            #expect(value.integer == nil)
            #expect(value.number?.count == 60_000)
        }
    }

    @Test(arguments: [
        "00", "01", "-01", "+1", ".5", "1.", "-", "-.5", "1.e3", "1e", "1e+", "0x10", "1_000", "1,5", "--1",
    ])
    func `a number is written as JSON writes it`(text: String) {
        #expect(fault(of: "{\"v\":\(text)}") != nil)
    }

    @Test func `other types are no integer`() throws {
        for text in ["\"7\"", "true", "null", "[7]", "{\"a\":7}"] {
            #expect(try value(text).integer == nil)
            #expect(try value(text).number == nil)
        }
    }

    @Test func `every value knows its kind and is of no other`() throws {
        let texts: [(String, JSONKind)] = [
            ("{}", .object), ("[]", .array), ("\"\"", .string), ("0", .number), ("true", .true),
            ("false", .false),
            ("null", .null),
        ]
        for (text, kind) in texts {
            let value = try value(text)
            #expect(value.kind == kind)
            #expect((value.object != nil) == (kind == .object))
            #expect((value.elements != nil) == (kind == .array))
            #expect((value.text != nil) == (kind == .string))
            #expect((value.textByteCount != nil) == (kind == .string))
            #expect(value.isText("") == (kind == .string))
            #expect((value.integer != nil) == (kind == .number))
            #expect(value.bool == (kind == .true ? true : kind == .false ? false : nil))
            #expect(value.isNull == (kind == .null))
        }
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\u{8}\u{C}\n\r\t"),
        ("\\u0041\\u00e9\\u20AC", "Aé€"),
        ("\\ud83d\\ude00\\uD83D\\uDE00", "😀😀"), ("\\udbff\\udfff\\ud800\\udc00", "\u{10FFFF}\u{10000}"),
        ("é漢😀", "é漢😀"),
        ("a\\u0000b", "a\u{0}b"), ("\\\\u0041", "\\u0041"), ("\\ufeff\\uffff", "\u{FEFF}\u{FFFF}"),
        ("e\u{301}\u{7F}", "e\u{301}\u{7F}"),
    ])
    func `a string is read with its escapes resolved`(text: String, expected: String) throws {
        let value = try value("\"\(text)\"")
        #expect(value.text == Array(expected.utf8))
        #expect(value.textByteCount == expected.utf8.count)
    }

    @Test func `a string is compared by its text, not by how it is written`() throws {
        #expect(try value("\"main\"").isText("main"))
        #expect(try value("\"m\\u0061in\"").isText("main"))
        #expect(try !value("\"main \"").isText("main"))
        #expect(try !value("\"mai\"").isText("main"))
        #expect(try !value("\"Main\"").isText("main"))
        #expect(try !value("null").isText("null"))
        #expect(try value("\"x\"").isText("x"))
    }

    @Test func `arrays of one type are read whole or not at all`() throws {
        #expect(try value("[1,-2,3]").integers == [1, -2, 3])
        #expect(try value("[]").integers == [])
        #expect(try value("[1,2.5]").integers == nil)
        #expect(try value("7").integers == nil)
        #expect(try value("[\"a\",\"\\n\"]").texts == [[0x61], [0x0A]])
        #expect(try value("[\"a\",null]").texts == nil)
        let objects = try #require(try value("[{\"a\":1},{},{\"a\":[3]}]").objects)
        #expect(objects.map(\.count) == [1, 0, 1])
        #expect(try value("[{},[]]").objects == nil)
    }

    @Test func `elements come in order, whatever stands in them`() throws {
        let elements = try #require(try value("[1,[2,[3]],{\"a\":{\"b\":[]}},\"x\",[],null]").elements)
        #expect(elements.underestimatedCount == 6)
        #expect(elements.map(\.kind) == [.number, .array, .object, .string, .array, .null])
    }
}
