import Foundation
import Transport

/// Where the server is: `http://HOST:PORT` or `ws://HOST:PORT`, and with TLS `https://` or `wss://`.
struct TargetURL {
    var address: PeerAddress
    /// As a request's `Host` says it.
    var host: String
    var text: String
    /// With TLS: whom it trusts, and the name that the server's certificate has to bear.
    var tls: (context: TLSContext, name: String)?

    /// Where a browser opens the page: `ws` and `wss` are words for programs.
    var page: String { "\(tls == nil ? "http" : "https")://\(host)/" }

    static let options = """
          --url URL            the server: http://ADDRESS:PORT, or https://ADDRESS:PORT if it speaks TLS
          --server-name NAME   the name on its certificate, where that is not the address
          --ca-file FILE       whom to trust instead of the system's authorities (PEM), such as its own certificate
        """

    /// What is asked for by the options above.
    ///
    /// - Throws: `LoadFault.usage` in a sentence.
    static func taken(from arguments: inout Arguments) throws(LoadFault) -> TargetURL {
        let url = try arguments.required("--url", "the server, such as http://127.0.0.1:8080")
        let name = try arguments.value("--server-name")
        return try TargetURL(url, name: name, authorities: try arguments.value("--ca-file"))
    }

    /// - Throws: `LoadFault.usage` in a sentence. Names are looked up by nobody, apart from `localhost`.
    init(_ text: String, name: String? = nil, authorities: String? = nil) throws(LoadFault) {
        self.text = text
        let schemes = ["http://", "ws://", "https://", "wss://"]
        guard let scheme = schemes.first(where: { text.hasPrefix($0) }) else {
            throw .usage("--url \(text): give it as http://ADDRESS:PORT or https://ADDRESS:PORT")
        }
        var rest = String(text.dropFirst(scheme.count))
        while rest.hasSuffix("/") { rest.removeLast() }
        guard !rest.contains("/") else {
            throw .usage("--url \(text): no path, please, only \(scheme)ADDRESS:PORT")
        }
        let isSecure = scheme == "https://" || scheme == "wss://"
        let hasPort = rest.hasSuffix("]") ? false : rest.contains(":")
        let port = isSecure ? 443 : 80
        guard let address = PeerAddress(text: hasPort ? rest : "\(rest):\(port)") else {
            throw .usage(
                "--url \(text): \(rest) is no IP address with a port; names other than localhost are not looked up"
            )
        }
        self.address = address
        host = name.map { address.port == port ? $0 : "\($0):\(address.port)" } ?? rest
        guard isSecure else {
            guard name == nil, authorities == nil else {
                throw .usage("--server-name and --ca-file are for https:// and wss://")
            }
            return
        }
        do {
            tls = (try TLSContext(trusting: authorities), name ?? Self.bareHost(rest))
        } catch {
            throw .usage("--ca-file: \(error.description)")
        }
    }

    /// Without the port, and without the brackets of IPv6.
    private static func bareHost(_ text: String) -> String {
        guard text.hasPrefix("[") else { return String(text.prefix { $0 != ":" }) }
        return String(text.dropFirst().prefix { $0 != "]" })
    }
}
