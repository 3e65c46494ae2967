import SessionProtocol
import Sessions

/// A session played from a script, with all that is said on the wire about it.
///
/// Times are those of the script, so every run says the same bytes.
final class Scene {
    /// What was said, by the name of its golden file without `.json`; the first of each name counts.
    private(set) var said: [String: [UInt8]] = [:]
    /// The pushes of all events that anybody heard, in order.
    private(set) var pushes: [[UInt8]] = []
    let session: Session
    private(set) var now: Milliseconds = 1_790_000_000_000
    let limits = SessionsLimits()

    init?(id: String, title: String, place: String, isRehearsal: Bool = false) {
        guard let id = SessionID(id.utf8) else { return nil }
        let created = Created(
            id: id,
            epoch: Epoch(bits: 0x0123_4567_89AB_CDEF),
            community: .empty,
            title: Text(title),
            place: Text(place),
            isRehearsal: isRehearsal
        )
        session = Session(created, number: 1, at: now)
    }

    var state: SessionState { session.state }

    /// Keeps a message under a golden name, unless there is one.
    func say(_ name: String, _ bytes: [UInt8]) {
        if said[name] == nil { said[name] = bytes }
    }

    /// Lets time go by and what falls due happen; each deadline has its own moment.
    func pass(seconds: Double, variant: String = "") {
        let end = now + Milliseconds(seconds * 1_000)
        while let next = session.nextDeadline(limits: limits), next <= end {
            now = max(now, next)
            let events = session.due(at: now, limits: limits)
            if events.isEmpty { break }
            for event in events { happen(event, variant: variant) }
        }
        now = end
    }

    /// Makes one event true and says its push, under `variant` when it is not the plain one of its kind.
    func happen(_ event: SessionEvent, text: Text? = nil, variant: String = "") {
        let entry = SessionEntry(session: 1, seq: state.seq + 1, at: now, event: event, text: text)
        session.apply(entry)
        guard let push = PushWriter.push(entry, in: state), let name = event.wireName else { return }
        pushes.append(push)
        say("push-\(String(name.utf8))\(variant)", push)
    }
}

// MARK: - People

extension Scene {
    /// A person takes a seat for the first time; the seat's number is the person's.
    func join(_ number: Int, name: String, school: String, role: Role, variant: String = "") throws {
        let person = try person(number)
        let admission = Admission(
            person: person,
            name: Text(name),
            school: Text(school),
            role: role,
            isRehearsal: state.isRehearsal
        )
        let events = try session.admit(admission, alreadyAttached: false, at: now, limits: limits)
        for event in events { happen(event, variant: variant) }
        // As the engine does it: whoever leads from now on is told so at once.
        pass(seconds: 0)
        let join = JoinCommand(ticket: Array("header.claims.signature".utf8))
        say("command-session.join", CommandWriter.join(id: 1, join))
        say("reply-session.join\(variant)", joined(number, resumed: false))
        pass(seconds: 1)
    }

    /// A person's last connection goes.
    func lose(_ number: Int, cause: AwayCause) {
        for event in session.detach(SeatID(number - 1), cause: cause) { happen(event) }
    }

    /// A person comes back and wants to go on after `seq` of a numbering; nil: of the session's own.
    ///
    /// `how` is the variant of the golden names.
    func comeBack(_ number: Int, after seq: Int, of epoch: Epoch? = nil, how: String) throws {
        let seat = state.seats[number - 1]
        let admission = Admission(
            person: seat.person,
            name: seat.name,
            school: seat.school,
            role: seat.ticketRole,
            isRehearsal: state.isRehearsal
        )
        for event in try session.admit(admission, alreadyAttached: false, at: now, limits: limits) {
            happen(event)
        }
        let resume = Resume(epoch: epoch ?? state.epoch, after: seq)
        let join = JoinCommand(ticket: Array("header.claims.signature".utf8), resume: resume)
        say("command-session.join--\(how)", CommandWriter.join(id: 1, join))
        let isResumed = resume.epoch == state.epoch && state.backlog.after(seq) != nil
        say("reply-session.join--\(how)", joined(number, resumed: isResumed))
    }

    private func joined(_ number: Int, resumed: Bool) -> [UInt8] {
        let reply = JoinedReply(
            seat: SeatID(number - 1),
            now: now,
            isResumed: resumed,
            common: StateWriter.common(state),
            limits: ProtocolLimits()
        )
        return ReplyWriter.joined(re: 1, reply, in: state)
    }

    /// The id of the person with this number, such as `p1`.
    func person(_ number: Int) throws -> PersonID {
        try PersonID("p\(number)".utf8).found("p\(number) is an id")
    }
}

// MARK: - Commands

extension Scene {
    /// A person asks for something and is answered; command, answer and pushes are said under `variant`.
    ///
    /// - Returns: the answer, or the refusal's text on the wire.
    @discardableResult
    func ask(
        _ number: Int,
        _ id: Int64,
        _ command: SessionCommand,
        ifSeq: Int? = nil,
        variant: String = ""
    ) -> [UInt8] {
        let name = command.kind.rawValue + variant
        say("command-\(name)", CommandWriter.command(id: id, command, ifSeq: ifSeq))
        do throws(Refusal) {
            let decision = try session.decide(
                command,
                by: SeatID(number - 1),
                at: now,
                entropy: 2_718_281_828,
                limits: limits,
                ifSeq: ifSeq
            )
            for occurrence in decision.occurrences {
                happen(occurrence.event, text: occurrence.text, variant: variant)
            }
            let reply = ReplyWriter.ok(
                re: id,
                seq: decision.occurrences.isEmpty ? nil : state.seq,
                answer: decision.answer,
                in: state,
                now: now
            )
            say("reply-\(name)", reply)
            pass(seconds: 1)
            return reply
        } catch {
            return ReplyWriter.error(re: id, error, in: state)
        }
    }
}

/// What a script needs is not there.
struct Missing: Error {
    let what: String
}

extension Optional {
    /// The value, or an error that says what was missing.
    func found(_ what: String) throws -> Wrapped {
        guard let self else { throw Missing(what: what) }
        return self
    }
}
