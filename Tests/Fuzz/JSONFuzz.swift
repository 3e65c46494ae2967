import Foundation

@testable import SessionProtocol

/// The JSON reader, with Foundation's as its oracle, and the commands that are decoded from it.
enum JSONFuzz {
    static func run(_ input: [UInt8]) {
        var reader = JSONReader()
        let object = try? reader.read(input)
        if let object, !((try? JSONSerialization.jsonObject(with: Data(input))) is [String: Any]) {
            // It reads numbers as they come; ours keeps them as they are written.
            Fuzz.check(
                object.members.contains { isHuge($0.value) },
                "what is read is an object to Foundation"
            )
        }
        var decoder = MessageDecoder(limits: ProtocolLimits())
        var sequence = CommandSequence()
        _ = try? decoder.decode(Array(#"{"id":1,"do":"session.join","ticket":"t"}"#.utf8), in: &sequence)
        if (try? decoder.decode(input, in: &sequence)) != nil {
            Fuzz.check(object != nil, "a command is an object")
            Fuzz.check((try? decoder.decode(input, in: &sequence)) == nil, "an id is used once")
        }
        _ = try? decoder.decode(input)
    }

    /// Whether a number in it is beyond what a `Double` holds.
    private static func isHuge(_ value: JSONValue) -> Bool {
        if let digits = value.number {
            return !(Double(String(decoding: digits, as: UTF8.self)) ?? 0).isFinite
        }
        return value.object?.members.contains { isHuge($0.value) } ?? value.elements?.contains(where: isHuge)
            ?? false
    }
}
