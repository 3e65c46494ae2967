import Foundation
import PlenaryServer
import Testing
import Tickets

struct SecretFileTests {
    private func file(_ bytes: [UInt8]) throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(component: UUID().uuidString)
        try Data(bytes).write(to: url)
        return url.path
    }

    private func fault(_ bytes: [UInt8]) throws -> ConfigurationFault? {
        let path = try file(bytes)
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            _ = try Secret.read(fromFile: path)
            return nil
        } catch {
            return error
        }
    }

    @Test func `one line feed at the end is not part of the secret`() throws {
        let key = [UInt8](repeating: 0x61, count: 31)
        #expect(try fault(key + [0x0A])?.exit == .configuration)
        #expect(try fault(key + [0x0A, 0x0A]) == nil)
        #expect(try fault(key + [0x61]) == nil)
    }

    @Test func `a short secret is refused with its length and how to make one`() throws {
        let sentence = try #require(try fault(Array("short".utf8))?.sentences.first)
        #expect(sentence.contains("5 bytes"))
        #expect(sentence.contains("openssl rand"))
        #expect(!sentence.contains("short;"))
    }

    @Test func `a file that is not there is named`() throws {
        #expect {
            _ = try Secret.read(fromFile: "/nowhere/secret")
        } throws: { error in
            let fault = error as? ConfigurationFault
            return fault?.exit == .configuration
                && fault?.sentences.first?.contains("/nowhere/secret") == true
        }
    }
}
