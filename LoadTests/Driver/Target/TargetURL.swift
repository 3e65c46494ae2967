import Foundation
import Transport

/// Where the server is: `http://HOST:PORT` or `ws://HOST:PORT`.
struct TargetURL: Equatable {
    var address: PeerAddress
    /// As a request's `Host` says it.
    var host: String
    var text: String

    /// - Throws: `LoadFault.usage` in a sentence. Names are looked up by nobody, apart from `localhost`.
    init(_ text: String) throws(LoadFault) {
        self.text = text
        guard let scheme = ["http://", "ws://"].first(where: { text.hasPrefix($0) }) else {
            if text.hasPrefix("https://") || text.hasPrefix("wss://") {
                throw .usage("--url \(text): this server has no TLS yet; give http:// or ws://")
            }
            throw .usage("--url \(text): give it as http://ADDRESS:PORT")
        }
        var rest = String(text.dropFirst(scheme.count))
        while rest.hasSuffix("/") { rest.removeLast() }
        guard !rest.contains("/") else {
            throw .usage("--url \(text): no path, please, only http://ADDRESS:PORT")
        }
        host = rest
        let hasPort = rest.hasSuffix("]") ? false : rest.contains(":")
        guard let address = PeerAddress(text: hasPort ? rest : "\(rest):80") else {
            throw .usage(
                "--url \(text): \(rest) is no IP address with a port; names other than localhost are not looked up"
            )
        }
        self.address = address
    }
}
