/// How much one message may cost us before it is complete (RFC 6455 section 10.4).
package struct MessageLimits: Sendable, Equatable {
    /// Payload bytes of one message, all its fragments together; beyond it 1009.
    package var maxMessageBytes: Int
    /// Frames of one message, empty ones counted (but for one that only ends it); beyond it 1008.
    package var maxFragments: Int

    /// Limits; the defaults are those of a joined connection.
    package init(maxMessageBytes: Int = 64 * 1024, maxFragments: Int = 64) {
        self.maxMessageBytes = maxMessageBytes
        self.maxFragments = maxFragments
    }
}
