import SessionEngine
import SessionProtocol
import Tickets
import Transport

/// What a loop's application goes by and an operator may change while the server runs.
struct ApplicationSettings: LoopSettings {
    let router: HTTPRouter
    let tickets: TicketVerifier
    let limits: ProtocolLimits
    let rates: CommandRate.Limits
    /// Operators' requests that may wait at the same time, those of all loops.
    let waitingRequests: Int
    /// Called on the loop as soon as they hold there.
    let onHolding: @Sendable () -> Void

    init(
        _ configuration: Configuration,
        tickets: TicketVerifier,
        onHolding: @escaping @Sendable () -> Void = {}
    ) {
        self.onHolding = onHolding
        router = HTTPRouter(origins: OriginRule(allowed: configuration.origins), tickets: tickets)
        self.tickets = tickets
        limits = configuration.protocolLimits
        rates = CommandRate.Limits(
            perSecond: limits.commandsPerSecond,
            burst: limits.commandsBurst,
            haste: configuration.engine.haste
        )
        waitingRequests = configuration.transport.maxWaitingRequests
    }
}
