import Foundation

@testable import SessionProtocol

/// The JSON reader, with Foundation's as its oracle, and the commands that are decoded from it.
enum JSONFuzz {
    static func run(_ input: [UInt8]) {
        var reader = JSONReader()
        let isRead = (try? reader.read(input)) != nil
        if isRead {
            let object = try? JSONSerialization.jsonObject(with: Data(input))
            Fuzz.check(object is [String: Any], "whatever is read is an object to Foundation, too")
        }
        var decoder = MessageDecoder(limits: ProtocolLimits())
        var sequence = CommandSequence()
        _ = try? decoder.decode(Array(#"{"id":1,"do":"session.join","ticket":"t"}"#.utf8), in: &sequence)
        if (try? decoder.decode(input, in: &sequence)) != nil {
            Fuzz.check(isRead, "a command is an object")
            Fuzz.check((try? decoder.decode(input, in: &sequence)) == nil, "an id is used once")
        }
        _ = try? decoder.decode(input)
    }
}
