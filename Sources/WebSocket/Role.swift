/// Which end of the connection this endpoint is.
///
/// A client masks every frame that it sends, a server masks none (RFC 6455 section 5.1); a server closes TCP
/// first, a client waits for that (section 7.1.1).
package enum Role: Sendable {
    case client
    case server

    /// The other end.
    package var peer: Role { self == .client ? .server : .client }
}
