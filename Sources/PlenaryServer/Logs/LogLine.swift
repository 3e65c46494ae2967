internal import Foundation
internal import SessionProtocol

/// One line of the log, spelled.
struct LogLine {
    static let maxTextBytes = 200

    var event: LogEvent
    /// Milliseconds since 1970.
    var at: Int64
    var fields: [LogField]

    /// The line with its line feed; nothing in it can begin another.
    func bytes(_ form: Log.Form) -> [UInt8] {
        switch form {
        case .json: json
        case .text: text
        }
    }

    private var json: [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.member("at", Array(timestamp.utf8))
        writer.member("level", Array(event.level.rawValue.utf8))
        writer.member("event", Array(event.rawValue.utf8))
        writer.member("message", Array(event.sentence.utf8))
        for field in fields {
            let name = JSONLiteral(stringLiteral: field.name.description)
            switch field.value {
            case .text(let text): writer.member(name, Array(Self.cut(text).utf8))
            case .number(let number): writer.member(name, number)
            }
        }
        writer.endObject()
        return writer.bytes + [0x0A]
    }

    private var text: [UInt8] {
        var line = timestamp
        if event.level != .info { line += " \(event.level.rawValue.uppercased()):" }
        line += " \(event.sentence)"
        for field in fields {
            line += " \(field.name.description)="
            switch field.value {
            case .text(let text): line += Self.quoted(Printable.text(Self.cut(text)))
            case .number(let number): line += "\(number)"
            }
        }
        return Array(line.utf8) + [0x0A]
    }

    private var timestamp: String {
        // In whole seconds, and the rest put behind them: a Double does not hold each millisecond.
        let date = Date(timeIntervalSince1970: Double(at / 1_000))
        let thousandths = String("\(at % 1_000 + 1_000)".dropFirst())
        return date.formatted(Date.ISO8601FormatStyle()).dropLast() + ".\(thousandths)Z"
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > maxTextBytes else { return text }
        // A scalar that is cut through becomes U+FFFD.
        return String(decoding: text.utf8.prefix(maxTextBytes), as: UTF8.self) + "…"
    }

    private static func quoted(_ text: String) -> String {
        text.isEmpty || text.contains(" ") || text.contains("\"")
            ? "\"\(text.replacingOccurrences(of: "\"", with: "\\\""))\"" : text
    }
}
