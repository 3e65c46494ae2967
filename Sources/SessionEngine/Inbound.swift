package import Fanout
package import SessionProtocol
package import Sessions

/// What comes to the engine: decoded, bounded and verified on the loop that read it, judged here.
package enum Inbound: Sendable {
    /// A connection wants a seat; its ticket was verified on the loop.
    case join(ConnectionID, id: Int64, session: SessionID, Admission, resume: Resume?)
    /// `ifSeq` is the last event that the asker knew, for commands that edit.
    case command(ConnectionID, id: Int64, SessionCommand, ifSeq: Int?)
    /// The connection is gone.
    ///
    /// Comes once for each connection that asked to join.
    case closed(ConnectionID, AwayCause)
    /// An operator wants to know or to change something, through another door than a session's.
    case errand(Errand)
    /// Other limits hold from here on.
    indirect case change(EngineSettings)
}
