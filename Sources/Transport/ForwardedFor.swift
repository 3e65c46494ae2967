package import WebSocket

/// Who stands behind a proxy: `X-Forwarded-For`, as far as it may be believed.
///
/// Each proxy adds at the right whom it was called by. So what trusted proxies have added is true, what stands left of it
/// is what a stranger claims: the list is read from the right, and the first address that is no trusted proxy is the
/// client's.
package enum ForwardedFor {
    /// The client's address; without port, with the listener of `peer`.
    ///
    /// `peer` itself unless it is trusted. What is no address ends the search: the last one that was good counts, or
    /// the proxy's own.
    package static func client(
        of head: RequestHead,
        from peer: PeerAddress,
        trusting proxies: [AddressRange]
    ) -> PeerAddress {
        let isTrusted = { (address: PeerAddress) in proxies.contains { $0.contains(address) } }
        guard isTrusted(peer) else { return peer }
        var client = peer
        // RFC 9110 section 5.3: several fields of one name are one list, in their order.
        let list = head.fields(named: "X-Forwarded-For").joined(separator: ",")
        for element in list.split(separator: ",", omittingEmptySubsequences: false).reversed() {
            guard let address = address(String(element)) else { break }
            client = PeerAddress(high: address.high, low: address.low, port: 0, listener: peer.listener)
            if !isTrusted(client) { break }
        }
        return client
    }

    /// An address with blanks around it and perhaps, as some proxies write it, a port.
    private static func address(_ element: String) -> PeerAddress? {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        let text = String(element.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
        guard text.utf8.count <= 64 else { return nil }
        if let address = PeerAddress(host: text) { return address }
        if text.hasPrefix("["), text.hasSuffix("]") {
            let inner = String(text.dropFirst().dropLast())
            return inner.contains(":") ? PeerAddress(host: inner) : nil
        }
        guard let colon = text.lastIndex(of: ":"), text.hasPrefix("[") || text.contains(".") else {
            return nil
        }
        guard colon != text.startIndex, !text[..<colon].hasPrefix("localhost") else { return nil }
        return PeerAddress(text: text)
    }
}
