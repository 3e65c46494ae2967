/// The status code of a Close frame (RFC 6455 section 7.4).
package struct CloseCode: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt16

    /// Any number; see `isAllowedOnWire`.
    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let normal = CloseCode(rawValue: 1000)
    package static let goingAway = CloseCode(rawValue: 1001)
    package static let protocolError = CloseCode(rawValue: 1002)
    package static let unsupportedData = CloseCode(rawValue: 1003)
    /// Never on the wire: the close frame held no code (section 7.1.5).
    package static let noCode = CloseCode(rawValue: 1005)
    /// Never on the wire: TCP ended without a close frame (section 7.1.5).
    package static let abnormal = CloseCode(rawValue: 1006)
    package static let invalidPayload = CloseCode(rawValue: 1007)
    package static let policyViolation = CloseCode(rawValue: 1008)
    package static let messageTooBig = CloseCode(rawValue: 1009)
    package static let internalError = CloseCode(rawValue: 1011)
    package static let tryAgainLater = CloseCode(rawValue: 1013)

    /// Whether a close frame may carry it.
    ///
    /// Sections 7.4.1 and 7.4.2: 0-999 are not used, 1004 is reserved, 1005, 1006 and 1015 only describe what
    /// happened, 1016-2999 are not registered. 1012-1014 were registered with IANA after the RFC. 3000-4999
    /// belong to libraries and applications.
    package var isAllowedOnWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
