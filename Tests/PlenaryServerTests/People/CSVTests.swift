import PlenaryServer
import Testing

/// RFC 4180.
struct CSVTests {
    private func rows(_ text: String) throws -> [[String]] {
        try CSV(Array(text.utf8)).rows.map(\.fields)
    }

    private func fault(_ bytes: [UInt8]) -> CSV.Fault? {
        do {
            _ = try CSV(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test func `records end in CR LF, in LF, or with the file`() throws {
        #expect(try rows("a,b\r\nc,d") == [["a", "b"], ["c", "d"]])
        #expect(try rows("a,b\nc,d\n") == [["a", "b"], ["c", "d"]])
        #expect(try rows("") == [])
    }

    @Test func `quoted fields hold commas, line ends and doubled quotes`() throws {
        #expect(
            try rows("\"a,b\",\"c\r\nd\",\"say \"\"hi\"\"\",\"\"\n") == [["a,b", "c\r\nd", "say \"hi\"", ""]]
        )
    }

    @Test func `blanks are part of a field and empty fields are fields`() throws {
        #expect(try rows(" a ,,b,\n,") == [[" a ", "", "b", ""], ["", ""]])
    }

    @Test func `a byte order mark and empty lines are passed over`() throws {
        #expect(try rows("\u{FEFF}a\n\n\r\nb\n") == [["a"], ["b"]])
    }

    @Test func `rows know their lines, also behind fields of several lines`() throws {
        let lines = try CSV(Array("a\n\n\"b\nb\nb\",x\nc\n".utf8)).rows.map(\.line)
        #expect(lines == [1, 3, 6])
    }

    @Test func `what is broken is named with its line`() {
        #expect(fault(Array("a\n\"b\nc".utf8))?.line == 2)
        #expect(fault(Array("a\n\"b\"c\n".utf8))?.line == 2)
        #expect(fault(Array("a\nb\"c\n".utf8))?.line == 2)
        #expect(fault(Array("a\rb\n".utf8))?.line == 1)
        #expect(fault([0x61, 0x0A, 0xFF, 0x0A])?.line == 2)
    }

    @Test func `what is written can be read`() throws {
        let fields = ["plain", "with, comma", "with \"quotes\"", "two\nlines", "", " blank "]
        #expect(try rows(CSV.line(fields)) == [fields])
    }
}
