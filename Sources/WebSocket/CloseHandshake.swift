/// The closing handshake of one connection (RFC 6455 sections 5.5.1 and 7.1), for either role.
///
/// Theory of operation. Each side sends one close frame, the last thing it says; the server then closes TCP, the
/// client waits for that. Valid transitions:
///
/// - `start`: open → closeSent. Our frame goes out, the peer's is awaited.
/// - `received`: open → closeReceived, answered at once; closeSent → closeReceived, which needs no answer.
/// - `fail`: open → closed, with a close frame; closeSent → closed, without another.
/// - `tcpClosed`: any → closed.
///
/// Everything else changes nothing and asks for nothing.
///
/// It holds no time and no socket: each call returns what is to be done. After `.awaitClose` and `.awaitTCPClose`
/// the caller waits for a bounded time and then resets.
package struct CloseHandshake: Sendable {
    /// How far it has come; only forwards.
    package enum State: Sendable {
        /// Data flows both ways.
        case open
        /// Our close frame was handed out; nothing may follow it. The peer's is awaited.
        case closeSent
        /// The peer's close frame has come, ours was handed out. Only TCP is left.
        case closeReceived
        /// TCP is gone, or to be closed without waiting for anybody.
        case closed
    }

    /// What is to be done now: send the frame, if there is one, and then the rest.
    package struct Step: Sendable, Equatable {
        /// The last frame of this connection; goes behind everything that is pending.
        package var frame: [UInt8]?
        package var then: Next

        /// A step as it is compared with in tests.
        package init(frame: [UInt8]?, then: Next) {
            self.frame = frame
            self.then = then
        }
    }

    /// What follows the frame of a step.
    package enum Next: Sendable {
        /// Nothing; go on as before.
        case carryOn
        /// Read on, for a bounded time, until the peer's close frame comes.
        case awaitClose
        /// Half-close TCP, read until its end for a bounded time, close (section 7.1.1: so that what was sent last
        /// is not lost to a reset).
        case closeTCP
        /// Wait, for a bounded time, until the server closes TCP (section 7.1.1).
        case awaitTCPClose
    }

    package private(set) var state = State.open
    /// The code of the peer's close frame; what section 7.1.5 calls the connection close code.
    ///
    /// 1005 when the frame held none, 1006 when there was no frame.
    package private(set) var peerCode = CloseCode.abnormal
    /// Whether the peer's close frame came and ours went out (section 7.1.4, "cleanly", once TCP is closed).
    package private(set) var isClean = false
    private let role: Role

    /// The handshake of one connection; `role` is ours, not the peer's.
    package init(role: Role) {
        self.role = role
    }

    /// We want to end the connection (section 7.1.2).
    ///
    /// Asking twice changes nothing: there is one close frame only. A client passes a fresh mask, here and below.
    package mutating func start(_ code: CloseCode?, reason: [UInt8] = [], mask: UInt32? = nil) -> Step {
        guard state == .open else { return Step(frame: nil, then: .carryOn) }
        state = .closeSent
        return Step(frame: FrameWriter.close(code, reason: reason, mask: mask), then: .awaitClose)
    }

    /// The peer's close frame has come: answered with its own code if ours has not been sent (section 5.5.1).
    package mutating func received(_ code: CloseCode?, mask: UInt32? = nil) -> Step {
        guard state == .open || state == .closeSent else { return Step(frame: nil, then: .carryOn) }
        let answer = state == .open ? FrameWriter.close(code, mask: mask) : nil
        state = .closeReceived
        isClean = true
        peerCode = code ?? .noCode
        // Section 7.1.1: the server closes TCP first, so that it and not the client holds TIME_WAIT.
        return Step(frame: answer, then: role == .server ? .closeTCP : .awaitTCPClose)
    }

    /// The peer broke a rule, or we cannot go on (section 7.1.7): the close frame is sent if none was, and TCP closed
    /// without waiting for an answer.
    package mutating func fail(_ code: CloseCode, reason: [UInt8] = [], mask: UInt32? = nil) -> Step {
        let wasOpen = state == .open
        guard wasOpen || state == .closeSent else { return Step(frame: nil, then: .carryOn) }
        state = .closed
        let frame = wasOpen ? FrameWriter.close(code, reason: reason, mask: mask) : nil
        return Step(frame: frame, then: .closeTCP)
    }

    /// TCP has ended (section 7.1.4).
    package mutating func tcpClosed() {
        state = .closed
    }
}
