/// The proof that the server has read the WebSocket handshake and not some other request (RFC 6455 section 1.3).
enum AcceptKey {
    /// What a key decodes to (section 4.1 item 7).
    static let keyBytes = 16
    private static let suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// The value of `Sec-WebSocket-Accept` for that of `Sec-WebSocket-Key` (section 4.2.2 item 5.4).
    static func answer(to key: String) -> String {
        Base64.encode(SHA1.digest(Array((key + suffix).utf8)))
    }
}
