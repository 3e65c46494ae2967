/// The peer broke a rule of RFC 6455 or went over a limit: the connection is failed with this code
/// (section 7.1.7).
package struct Violation: Error, Sendable {
    package var code: CloseCode
    /// One short English clause without the peer's bytes, fit for the close frame and for a log.
    package var reason: StaticString

    /// A violation that is answered with this code.
    package init(_ code: CloseCode, _ reason: StaticString) {
        self.code = code
        self.reason = reason
    }

    /// The reason as the payload of a close frame carries it.
    package var reasonBytes: [UInt8] { Array(reason.description.utf8) }
}

extension Violation: Equatable {
    /// The same code and the same words.
    package static func == (left: Violation, right: Violation) -> Bool {
        left.code == right.code && left.reason.description == right.reason.description
    }
}
