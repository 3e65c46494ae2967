@testable import WebSocket

/// Frames, as a server and as a client reads them: where they are cut makes no difference, and nothing grows beyond
/// what the limits allow.
enum FrameFuzz {
    private static let limits = MessageLimits(maxMessageBytes: 4_096, maxFragments: 16)

    static func run(_ input: [UInt8]) {
        guard input.count > 1 else { return }
        let role: Role = input[0] & 1 == 0 ? .server : .client
        let step = max(1, Int(input[0] >> 1))
        let bytes = Array(input.dropFirst())
        let whole = read(bytes, in: bytes.count, as: role)
        let parts = read(bytes, in: step, as: role)
        Fuzz.check(whole.0 == parts.0, "the same is read in parts")
        Fuzz.check(whole.1 == parts.1, "the same is refused in parts")
        for event in whole.0 {
            switch event {
            case .text(let text):
                Fuzz.check(text.count <= limits.maxMessageBytes, "no message is longer than allowed")
                Fuzz.check(Array(String(decoding: text, as: UTF8.self).utf8) == text, "text is UTF-8")
            case .binary(let data):
                Fuzz.check(data.count <= limits.maxMessageBytes, "no message is longer than allowed")
            case .ping(let payload), .pong(let payload):
                Fuzz.check(payload.count <= 125, "control frames are short")
            case .close(_, let reason): Fuzz.check(reason.count <= 123, "reasons are short")
            }
        }
    }

    private static func read(_ bytes: [UInt8], in step: Int, as role: Role) -> ([Incoming], Violation?) {
        var machine = FrameMachine(role: role, limits: limits)
        var events: [Incoming] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            do {
                try machine.receive(Array(bytes[start..<min(start + step, bytes.count)]).span, into: &events)
            } catch {
                return (events, error)
            }
        }
        return (events, nil)
    }
}
