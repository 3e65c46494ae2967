package import SessionProtocol

/// Reads keys as others publish them: a JWK Set (RFC 7517 section 5).
///
/// Two kinds of key: `oct` with `alg` HS256 (RFC 7518 section 6.4) and public `OKP` keys on Ed25519 (RFC 8037 section 2).
/// The RFC lets a reader pass over keys that it does not understand. This one names and refuses them: a key that is
/// passed over in silence is found out when nobody gets in. No sentence holds anything of a key but its name.
package enum KeySet {
    package static let maxBytes = 64 << 10
    package static let maxKeys = 32

    /// Why a text is no set of keys.
    package enum Fault: Error, Equatable {
        /// Not one JSON object.
        case json(JSONFault)
        /// Each a sentence that begins with the key that it is about.
        case problems([String])
    }

    /// The keys in the order of the set, one at least.
    package static func keys(in bytes: [UInt8]) throws(Fault) -> [TicketKey] {
        var reader = JSONReader(maxBytes: maxBytes)
        let object: JSONObject
        do {
            object = try reader.read(bytes)
        } catch {
            throw .json(error)
        }
        guard let elements = object["keys"]?.elements else {
            throw .problems(["There must be a member \"keys\" with a list of keys."])
        }
        let count = elements.underestimatedCount
        guard (1...maxKeys).contains(count) else {
            throw .problems(["The list \"keys\" holds \(count) keys; it has to hold 1 to \(maxKeys)."])
        }
        var keys: [TicketKey] = []
        var problems: [String] = []
        for (index, element) in elements.enumerated() {
            do throws(KeyProblem) {
                let key = try Self.key(element)
                if keys.contains(where: { $0.id == key.id }) {
                    problems.append("Key \"\(key.id.text)\": the name (kid) stands there twice.")
                }
                keys.append(key)
            } catch {
                let name = error.id.map { "Key \"\($0.text)\"" } ?? "Key \(index + 1)"
                problems.append("\(name): \(error.sentence)")
            }
        }
        guard problems.isEmpty else { throw .problems(problems) }
        return keys
    }
}

/// What is wrong with one key.
private struct KeyProblem: Error {
    var id: KeyID?
    var sentence: String
}

extension KeySet {
    private static func key(_ value: JSONValue) throws(KeyProblem) -> TicketKey {
        guard var object = value.object else { throw KeyProblem(sentence: "it is no JSON object.") }
        guard let name = object.take("kid") else {
            throw KeyProblem(sentence: "it has no name (kid), and tickets have to name their key.")
        }
        guard let id = name.text.flatMap({ KeyID($0) }) else {
            throw KeyProblem(
                sentence: "the name (kid) has to be 1 to 128 letters, digits and . _ @ : + -"
            )
        }
        func problem(_ sentence: String) -> KeyProblem { KeyProblem(id: id, sentence: sentence) }
        // RFC 7517 section 4.2.
        if let use = object.take("use"), !use.isText("sig") {
            throw problem("its use is not \"sig\": it is not meant for signatures.")
        }
        // RFC 7517 section 4.3.
        if let operations = object.take("key_ops"), operations.texts?.contains(Array("verify".utf8)) != true {
            throw problem("its key_ops do not hold \"verify\": it is not meant for this.")
        }
        let material: Result<TicketKey.Material, KeyProblem>
        switch object.take("kty")?.text {
        case Array("oct".utf8)?: material = secret(&object).mapError { problem($0.text) }
        case Array("OKP".utf8)?: material = publicKey(&object).mapError { problem($0.text) }
        default:
            throw problem("its kty is neither \"oct\" nor \"OKP\", the two kinds that are understood.")
        }
        return TicketKey(id: id, try material.get())
    }

    private struct Wrong: Error {
        var text: String
    }

    /// RFC 7518 section 6.4.
    private static func secret(_ object: inout JSONObject) -> Result<TicketKey.Material, Wrong> {
        // RFC 7517 section 4.4. Needed here, where the kind of key alone would fit HS384 and HS512 as well.
        guard object.take("alg")?.isText("HS256") == true else {
            return .failure(Wrong(text: "an oct key needs \"alg\":\"HS256\", the algorithm that it is for."))
        }
        guard let bytes = object.take("k")?.text.flatMap({ Base64URL.decode($0) }) else {
            return .failure(Wrong(text: "its k is no base64url without padding."))
        }
        guard let secret = Secret(bytes) else {
            let size = "\(bytes.count) bytes; HS256 needs \(Secret.minBytes) at least (RFC 7518 section 3.2)."
            return .failure(Wrong(text: "its k has \(size)"))
        }
        return .success(.hs256(secret))
    }

    /// RFC 8037 section 2.
    private static func publicKey(_ object: inout JSONObject) -> Result<TicketKey.Material, Wrong> {
        guard object.take("d") == nil else {
            let why = "the server only verifies, and whoever reads this file could make tickets."
            return .failure(Wrong(text: "it holds its private part (d): \(why) Take d out."))
        }
        guard object.take("crv")?.isText("Ed25519") == true else {
            return .failure(Wrong(text: "its crv is not \"Ed25519\"."))
        }
        if let algorithm = object.take("alg"), !algorithm.isText("EdDSA") {
            return .failure(Wrong(text: "its alg is not \"EdDSA\", which is what an OKP key signs with."))
        }
        guard
            let key = object.take("x")?.text.flatMap({ Base64URL.decode($0) }).flatMap({
                Ed25519PublicKey($0)
            })
        else {
            return .failure(Wrong(text: "its x is not 32 bytes in base64url without padding."))
        }
        return .success(.ed25519(key))
    }
}
