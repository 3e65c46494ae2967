import Fanout
import SessionEngine
import SessionProtocol
import Sessions
import Tickets
import Transport
import WebSocket

/// What stands behind each event loop of `plenary serve`: requests are routed, messages decoded, tickets verified and
/// haste refused here, on the loop; all else is handed to the engine.
final class SessionApplication: LoopApplication {
    private let context: ApplicationContext
    private var settings: ApplicationSettings
    private let depths: () -> ([LoopMetrics], [QueueDepth])
    private var decoder: MessageDecoder
    private var talkers: ContiguousArray<Talker?> = []
    /// What this turn has read for the engine, and its bytes.
    private var collected: [Inbound] = []
    private var collectedBytes = 0

    /// An application for one loop; `depths` is asked for each page of metrics.
    init(
        _ context: ApplicationContext,
        settings: ApplicationSettings,
        depths: @escaping () -> ([LoopMetrics], [QueueDepth])
    ) {
        self.context = context
        self.settings = settings
        self.depths = depths
        decoder = MessageDecoder(limits: settings.limits)
    }

    func change(to settings: any LoopSettings) {
        guard let settings = settings as? ApplicationSettings else { return }
        self.settings = settings
        decoder = MessageDecoder(limits: settings.limits)
        settings.onHolding()
    }

    /// What a loop knows of one upgraded connection.
    private final class Talker {
        let connection: ConnectionID
        let session: SessionID
        /// The line in which its commands wait.
        let lane: Lane
        /// In the log it is shortened.
        let client: PeerAddress
        var sequence = CommandSequence()
        /// Its join has gone to the engine, which wants to hear of its end.
        var hasJoined = false
        var rate = CommandRate()

        init(connection: ConnectionID, session: SessionID, client: PeerAddress) {
            self.connection = connection
            self.session = session
            lane = Lane(session)
            self.client = client
        }
    }

    func request(
        _ head: RequestHead,
        on connection: ConnectionID,
        from peer: PeerAddress,
        at now: Int64
    ) -> RequestAnswer {
        let decision = settings.router.decide(
            head,
            isAdmin: peer.listener == 1,
            readiness: context.readiness.current,
            wall: ServerClock.wall(),
            retryAfter: 2 + Int(Entropy.next() % 9)
        )
        switch decision {
        case .respond(let response): return .respond(response)
        case .metrics:
            let (loops, queues) = depths()
            let text = context.metrics.text(loops: loops, queues: queues, process: .now())
            return .respond(HTTPRouter.metricsResponse(text))
        case .operate(let request):
            guard context.desk.take(request, from: connection, atMost: settings.waitingRequests) else {
                context.metrics.rejected[.operatorsWaiting].add()
                return .respond(OperatorAnswer.tooMany)
            }
            return .later
        case .reject(let response, let rejection):
            context.metrics.rejected[rejection].add()
            tell(rejection, response, of: head, from: peer)
            return .respond(response)
        case .upgrade(let session, let response):
            let slot = Int(connection.slot)
            while talkers.count <= slot { talkers.append(nil) }
            talkers[slot] = Talker(connection: connection, session: session, client: peer)
            return .upgrade(response: response)
        }
    }

    /// Not the path: somebody may have put a ticket there.
    private func tell(
        _ rejection: Rejection,
        _ response: HTTPResponse,
        of head: RequestHead,
        from peer: PeerAddress
    ) {
        let event = rejection == .origin ? LogEvent.originRefused : .requestRefused
        context.log.write(event) {
            var fields: [LogField] = [
                .number("status", response.status.code), .text("why", rejection.rawValue),
                .text("from", peer.shortened),
            ]
            if rejection == .origin, let refusal = settings.router.originRefusal(head) {
                fields += [
                    .text("came", refusal.came), .text("expected", refusal.expected),
                    .text("cure", refusal.cure),
                ]
            }
            return fields
        }
    }

    func message(
        _ kind: MessageKind,
        _ bytes: [UInt8],
        on connection: ConnectionID,
        at now: Int64
    ) -> MessageAnswer {
        let slot = Int(connection.slot)
        guard talkers.indices.contains(slot), let talker = talkers[slot] else { return .nothing }
        guard kind == .text else {
            context.metrics.rejected[.binary].add()
            return .close(.unsupportedData, reason: Array("text messages only".utf8))
        }
        do throws(MessageFault) {
            switch try decoder.decode(bytes, in: &talker.sequence) {
            case .join(let id, let join): return take(join, id: id, of: talker)
            case .command(let id, let command, let ifSeq):
                if let answer = tooHasty(id: id, of: talker, at: now) { return answer }
                if context.crowding[talker.lane] { return slowDown(id: id, retryAfter: 1_000) }
                collect(
                    .command(talker.connection, id: id, command, ifSeq: ifSeq),
                    bytes: bytes.count + 128
                )
                return .nothing
            }
        } catch {
            return answer(error, of: talker, at: now)
        }
    }

    private func take(_ join: JoinCommand, id: Int64, of talker: Talker) -> MessageAnswer {
        do throws(TicketFault) {
            let admission = try settings.tickets.admission(
                join.ticket,
                to: talker.session,
                at: ServerClock.wall()
            )
            talker.hasJoined = true
            collect(
                .join(talker.connection, id: id, session: talker.session, admission, resume: join.resume),
                bytes: 512
            )
            return .joining
        } catch {
            context.metrics.rejected[.ticket].add()
            context.log.write(.ticketRefused) {
                [.text("why", error.rawValue), .text("from", talker.client.shortened)]
            }
            return .close(CloseCode(rawValue: 4501), reason: Array("bad ticket".utf8))
        }
    }

    private func answer(_ fault: MessageFault, of talker: Talker, at now: Int64) -> MessageAnswer {
        switch fault {
        case .malformed(let id, let reason):
            context.metrics.rejected[.malformed].add()
            let frame = FrameWriter.text(ReplyWriter.malformed(re: id, reason: reason))
            guard talker.sequence.isExhausted(decoder.limits) else { return .reply(frame: frame) }
            return endMalformed(frame, reason: "malformed", of: talker)
        case .outOfTurn(let id, let reason):
            context.metrics.rejected[.malformed].add()
            let frame = FrameWriter.text(ReplyWriter.malformed(re: id, reason: reason))
            return endMalformed(frame, reason: "out of turn", of: talker)
        case .refused(let id, let refusal):
            // Refused or not, it was a command: haste counts.
            if let answer = tooHasty(id: id, of: talker, at: now) { return answer }
            context.metrics.refusals[refusal.code].add()
            return .reply(frame: FrameWriter.text(ReplyWriter.error(re: id, refusal)))
        }
    }

    private func tooHasty(id: Int64, of talker: Talker, at now: Int64) -> MessageAnswer? {
        switch talker.rate.take(at: now, settings.rates) {
        case .fine: return nil
        case .slowDown(let retryAfter): return slowDown(id: id, retryAfter: retryAfter)
        case .tooMany:
            context.metrics.rejected[.closedCommandRate].add()
            return .close(CloseCode(rawValue: 4429), reason: Array("too many commands".utf8))
        }
    }

    private func slowDown(id: Int64, retryAfter: Milliseconds) -> MessageAnswer {
        context.metrics.refusals[.slowDown].add()
        context.metrics.rejected[.commandRate].add()
        let refusal = Refusal(.slowDown, retryAfter: retryAfter)
        return .reply(frame: FrameWriter.text(ReplyWriter.error(re: id, refusal)))
    }

    private func endMalformed(_ frame: [UInt8], reason: String, of talker: Talker) -> MessageAnswer {
        context.metrics.rejected[.closedMalformed].add()
        context.log.write(.commandsMalformed) {
            [.text("why", reason), .text("from", talker.client.shortened)]
        }
        return .replyAndClose(frame: frame, CloseCode(rawValue: 4500), reason: Array(reason.utf8))
    }

    func closed(_ connection: ConnectionID, cause: CloseCause, at now: Int64) {
        let slot = Int(connection.slot)
        guard talkers.indices.contains(slot), let talker = talkers[slot] else { return }
        talkers[slot] = nil
        guard talker.hasJoined else { return }
        collect(.closed(connection, AwayCause(cause)), bytes: 64)
    }

    func quietFrame(at now: Int64) -> [UInt8]? {
        FrameWriter.text(NoticeWriter.tick(now: now))
    }

    var mayRead: Bool { !context.mailbox.isFull && collectedBytes < ApplicationContext.turnBytes }

    func turnEnded() {
        guard !collected.isEmpty else { return }
        context.mailbox.post(all: &collected, bytes: collectedBytes)
        collectedBytes = 0
    }

    private func collect(_ inbound: Inbound, bytes: Int) {
        collected.append(inbound)
        collectedBytes += bytes
    }
}

/// What all loops' applications share.
struct ApplicationContext: Sendable {
    /// What one turn may collect before it reads no more.
    static let turnBytes = 1 << 20

    let mailbox: Mailbox<Inbound>
    /// Whose commands the engine takes no more of for now.
    let crowding: Crowding
    let desk: ErrandDesk
    let metrics: Metrics
    let readiness: Readiness
    let log: Log
}

extension AwayCause {
    /// What the session hears of how a connection ended.
    init(_ cause: CloseCause) {
        switch cause {
        case .closed, .violation: self = .closed
        case .silent: self = .silent
        case .slow: self = .slow
        case .server: self = .server
        }
    }
}
