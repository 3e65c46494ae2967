import Foundation
import PlenaryServer
import Testing
import Tickets

struct KeysFileTests {
    private let k = String(
        decoding: Base64URL.encode(Array("canary-9d2c of thirty-two bytes, in a key".utf8)),
        as: UTF8.self
    )

    private func read(_ text: String) throws -> Result<[TicketKey], ConfigurationFault> {
        let url = FileManager.default.temporaryDirectory.appending(component: UUID().uuidString)
        try Data(text.utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        do {
            return .success(try KeysFile.read(url.path))
        } catch {
            return .failure(error)
        }
    }

    private func sentences(_ keys: String...) throws -> [String] {
        guard case .failure(let fault) = try read(#"{"keys":[\#(keys.joined(separator: ","))]}"#) else {
            return []
        }
        #expect(fault.exit == .configuration)
        return fault.sentences
    }

    private func secret(
        _ more: String = #""alg":"HS256""#,
        kid: String = "autumn",
        k: String? = nil
    ) -> String {
        #"{"kty":"oct","kid":"\#(kid)","k":"\#(k ?? self.k)",\#(more)}"#
    }

    private func publicKey(
        _ more: String = #""crv":"Ed25519""#,
        kid: String = "school",
        x: String = KeyFixture.x
    ) -> String {
        #"{"kty":"OKP","kid":"\#(kid)","x":"\#(x)",\#(more)}"#
    }

    @Test func `several keys of both kinds are read`() throws {
        let text = #"{"keys":[\#(secret()),\#(secret(kid: "spring")),\#(publicKey())],"comment":"ours"}"#
        let keys = try read(text).get()
        #expect(keys.map(\.id.text) == ["autumn", "spring", "school"])
        #expect(keys.map(\.material.algorithm) == ["HS256", "HS256", "EdDSA"])
    }

    @Test func `what others write beside is passed over`() throws {
        #expect(
            try sentences(secret(#""alg":"HS256","use":"sig","key_ops":["sign","verify"],"x5t":"abc""#)) == []
        )
        #expect(try sentences(publicKey(#""crv":"Ed25519","alg":"EdDSA","use":"sig","iat":1"#)) == [])
    }

    @Test func `each problem is a sentence that names its key`() throws {
        let cases: [(String, String)] = [
            (secret(#""alg":"HS512""#), #"Key "autumn": an oct key needs "alg":"HS256""#),
            (secret(#""use":"sig""#), #"Key "autumn": an oct key needs "alg":"HS256""#),
            (secret(k: "c2hvcnQ"), #"Key "autumn": its k has 5 bytes; HS256 needs 32"#),
            (secret(k: k + "="), #"Key "autumn": its k is no base64url"#),
            (secret(#""alg":"HS256","use":"enc""#), #"Key "autumn": its use is not "sig""#),
            (
                secret(#""alg":"HS256","key_ops":["encrypt"]"#),
                #"Key "autumn": its key_ops do not hold "verify""#
            ),
            (publicKey(#""crv":"X25519""#), #"Key "school": its crv is not "Ed25519""#),
            (publicKey(#""crv":"Ed25519","alg":"HS256""#), #"Key "school": its alg is not "EdDSA""#),
            (
                publicKey(#""crv":"Ed25519","d":"\#(KeyFixture.d)""#),
                #"Key "school": it holds its private part (d)"#
            ),
            (publicKey(x: "AAAA"), #"Key "school": its x is not 32 bytes"#),
            (#"{"kty":"RSA","kid":"big","n":"AQAB"}"#, #"Key "big": its kty is neither"#),
            (#"{"kty":"oct","k":"\#(k)","alg":"HS256"}"#, "Key 1: it has no name (kid)"),
            (secret(kid: ""), "Key 1: the name (kid) has to be"),
            (secret(kid: "two words"), "Key 1: the name (kid) has to be"),
            ("7", "Key 1: it is no JSON object"),
        ]
        for (key, beginning) in cases {
            let found = try sentences(key)
            #expect(found.count == 1 && found[0].contains(": \(beginning)"), "\(key) gave \(found)")
        }
        let all = try sentences(secret(#""alg":"none""#), publicKey(x: "AA"), secret(), secret())
        #expect(all.count == 3, "all at once, and the name that is there twice: \(all)")
        #expect(all.last?.contains(#"Key "autumn": the name (kid) stands there twice"#) == true)
    }

    @Test func `a file that is no set of keys says where`() throws {
        for text in ["", "[]", "{\n  \"keys\": [],,\n}", #"{"keys":[{"kid":"a","kid":"b"}]}"#] {
            guard case .failure(let fault) = try read(text) else {
                Issue.record("\(text) was read")
                continue
            }
            #expect(fault.sentences.first?.contains("line ") == true)
        }
        #expect(try sentences().first?.contains("0 keys") == true)
        let many = try sentences(contentsOf: (0..<33).map { secret(kid: "k\($0)") })
        #expect(many.first?.contains("33 keys") == true)
        guard case .failure(let none) = try read("{}") else { return }
        #expect(none.sentences.first?.contains("\"keys\"") == true)
    }

    @Test func `no sentence shows anything of a key`() throws {
        let broken = [
            secret(#""alg":"none""#), secret(kid: "a b"), secret(k: k + "!"),
            secret(#""alg":"HS256","use":1"#),
            publicKey(#""crv":"Ed25519","d":"\#(KeyFixture.d)""#), publicKey(x: KeyFixture.d + "A"),
        ]
        for sentence in try sentences(contentsOf: broken) {
            #expect(
                !sentence.contains(k) && !sentence.contains("canary-9d2c") && !sentence.contains(KeyFixture.d)
            )
        }
    }

    @Test func `a secret among the keys does not show itself`() throws {
        let keys = try read(#"{"keys":[\#(secret())]}"#).get()
        var shown = "\(keys)"
        dump(keys, to: &shown)
        #expect(!shown.contains("canary") && !shown.contains("99, 97, 110"))
    }

    private func sentences(contentsOf keys: [String]) throws -> [String] {
        guard case .failure(let fault) = try read(#"{"keys":[\#(keys.joined(separator: ","))]}"#) else {
            return []
        }
        return fault.sentences
    }
}
