/// How much a peer may send before it has said who it is.
package struct HandshakeLimits: Sendable, Equatable {
    /// The whole head with its empty line; beyond it 431.
    package var maxHeadBytes: Int
    /// Field lines; beyond it 431.
    package var maxFields: Int
    /// The request's target; beyond it 414.
    package var maxTargetBytes: Int

    /// Limits; the defaults are those of the server.
    package init(maxHeadBytes: Int = 8 * 1024, maxFields: Int = 64, maxTargetBytes: Int = 2 * 1024) {
        self.maxHeadBytes = maxHeadBytes
        self.maxFields = maxFields
        self.maxTargetBytes = maxTargetBytes
    }
}
