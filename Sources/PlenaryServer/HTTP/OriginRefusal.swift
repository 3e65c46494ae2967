package import WebSocket

/// What is told of a refused origin: what came, what was expected, and the line that cures it.
///
/// Strangers choose what came, so it is spelled out for a terminal, and the log cuts it. Made for the one line a minute
/// that is written and not for each request.
package struct OriginRefusal: Equatable, Sendable {
    package var came: String
    package var expected: String
    package var cure: String
}

extension OriginRule {
    /// Why the request may not be upgraded; nil if it may, as far as its origin goes.
    package func refusal(of head: RequestHead) -> OriginRefusal? {
        guard !allows(head) else { return nil }
        let origins = head.fields(named: "Origin")
        let came = origins.prefix(2).map(Self.shown).joined(separator: " and ")
        return OriginRefusal(came: came, expected: expected(head), cure: cure(origins))
    }

    private func expected(_ head: RequestHead) -> String {
        guard allowed.isEmpty else {
            let known = allowed.map(\.text).sorted().prefix(Self.maxNamed).joined(separator: ", ")
            return allowed.count > Self.maxNamed
                ? "\(known) and \(allowed.count - Self.maxNamed) more" : known
        }
        return "the host of the request, \(Self.shown(head.field(named: "Host") ?? ""))"
    }

    private func cure(_ origins: [String]) -> String {
        guard origins.count == 1, let text = origins.first, let origin = Origin(text) else {
            return "none: this is no origin of a web page (a scheme, a host and perhaps a port, once)"
        }
        return "if this page is yours: --origin \(origin.text)"
    }

    private static let maxNamed = 3

    private static func shown(_ text: String) -> String {
        Printable.text(String(decoding: text.utf8.prefix(120), as: UTF8.self))
    }
}
