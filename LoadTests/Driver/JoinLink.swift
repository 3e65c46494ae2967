import Foundation
import Transport

/// A participant's link: where the server is, which session, and the ticket.
struct JoinLink: Equatable {
    var address: PeerAddress
    var host: String
    var session: String
    var ticket: String

    /// Reads `http://HOST:PORT/#session=S&ticket=T`; nil when it is no such link.
    ///
    /// Names are not looked up.
    init?(_ text: String) {
        guard text.hasPrefix("http://"), let slash = text.range(of: "/#") else { return nil }
        host = String(text[text.index(text.startIndex, offsetBy: 7)..<slash.lowerBound])
        guard let address = PeerAddress(text: host.contains(":") ? host : "\(host):80") else { return nil }
        self.address = address
        var fields: [String: String] = [:]
        for part in text[slash.upperBound...].split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { fields[String(pair[0])] = pair[1].removingPercentEncoding }
        }
        guard let session = fields["session"], let ticket = fields["ticket"] else { return nil }
        self.session = session
        self.ticket = ticket
    }

    /// The links of a CSV file, wherever in a row they stand.
    static func all(in csv: String, file: String) throws(LoadFault) -> [JoinLink] {
        var links: [JoinLink] = []
        for (index, row) in csv.split(whereSeparator: \.isNewline).enumerated().dropFirst() {
            let cells = row.split(separator: ",").map { $0.trimmingCharacters(in: ["\"", " "]) }
            guard let link = cells.lazy.compactMap(JoinLink.init).first else {
                throw .data("\(file), row \(index + 1): no link to an http:// address in it")
            }
            links.append(link)
        }
        guard !links.isEmpty else { throw .data("\(file) has no links") }
        return links
    }
}
