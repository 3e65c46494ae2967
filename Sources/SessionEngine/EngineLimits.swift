package import SessionProtocol
package import Sessions

/// The engine's limits and rhythms; defaults are those of the design.
package struct EngineLimits: Sendable {
    package var sessions = 10_000
    package var seats = 50_000
    /// What all messages and rooms take that are kept, in all sessions: their words and what goes with them.
    package var heldBytes = 1 << 30
    package var connectionsPerSeat = 8
    /// How often a connection may be told `slowDown`: as to commands by its loop, as to chat by the engine.
    package var haste = Haste.Limits()
    /// A commit takes in no more once it says so much to single connections.
    package var commitBytes = 1 << 20
    /// A session tells its notices at most so often.
    package var noticeMilliseconds: Milliseconds = 1_000
    /// In a second those sessions do that have so many connections together; a fifth of what a core can send.
    package var noticesPerSecond = 25_000
    /// Somebody who said that they are writing is taken to do so for so long.
    package var writingMilliseconds: Milliseconds = 5_000
    /// Somebody who is the only one in a breakout room is shown to hosts after so long.
    package var aloneMilliseconds: Milliseconds = 60_000
    /// While anybody is attached, time is written down at least so often.
    package var clockMilliseconds: Milliseconds = 10_000

    package init() {}
}

/// All that the engine is told by an operator, at the start or while it runs.
package struct EngineSettings: Sendable {
    package var engine: EngineLimits
    package var sessions: SessionsLimits
    /// What clients are told of their limits.
    package var told: ProtocolLimits

    package init(
        engine: EngineLimits = EngineLimits(),
        sessions: SessionsLimits = SessionsLimits(),
        told: ProtocolLimits = ProtocolLimits()
    ) {
        self.engine = engine
        self.sessions = sessions
        self.told = told
    }
}
