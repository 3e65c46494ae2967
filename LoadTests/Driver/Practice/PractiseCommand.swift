import Foundation
import SessionProtocol
import Sessions
import Tickets
import Transport

/// `plenary-load practise`: pretend people join a host's own session, so that a host can learn the rooms before the evening.
struct PractiseCommand {
    private let session: String
    private let people: Int
    private let minutes: Int
    /// Seconds after the start; nil: nobody is cut off.
    private let drillAfter: Int?
    private let keep: Bool
    private let target: TargetURL
    private let secret: Secret

    static let options = """
          --session S          a session of its own; its link for the host is printed
          --people N           how many pretend people come (default 12)
          --minutes N          they stay so long, or until the session ends (default 45)
          --drill              the host is cut off two minutes after the start, to see who takes over
          --drill-after N      or so many seconds after it
        """

    /// All of its options, with those that other commands have too.
    static let names =
        ["--secret-file", "--keep", "--target-is-mine"]
        + [TargetURL.options, options].flatMap(Arguments.names)

    /// - Throws: `.usage` for wrong arguments, `.data` for a secret that is none.
    init(_ arguments: [String]) throws(LoadFault) {
        var rest = Arguments(arguments)
        session = try rest.required("--session", "the session to practise in, such as practice-1")
        guard SessionID(session.utf8) != nil else {
            throw .usage("--session \(session): that is no session's id")
        }
        people = try rest.number("--people", in: 1...200) ?? 12
        minutes = try rest.number("--minutes", in: 1...600) ?? 45
        let drills = rest.has("--drill")
        let after = try rest.number("--drill-after", in: 1...3_600)
        drillAfter = after ?? (drills ? 120 : nil)
        guard drillAfter == nil || people > 1 else {
            throw .usage("a drill wants --people 2 at least: one of them is the co-host who takes over")
        }
        keep = rest.has("--keep")
        target = try TargetURL.taken(from: &rest)
        let isMine = rest.has("--target-is-mine")
        guard target.address.isLoopback || isMine else {
            throw .usage("\(target.text) is not this machine. If it is yours, say so with --target-is-mine")
        }
        secret = try Rehearsal.secret(
            try rest.required("--secret-file", "the file of the server's --secret-file, to sign tickets with")
        )
        try rest.end()
    }

    /// Plays along until the session ends, the time is over or Ctrl-C; answers the exit code.
    func run(_ say: @escaping (String) -> Void) throws(LoadFault) -> Int32 {
        let interruption = Interruption()
        let startedAt = ServerClock.wall()
        let rehearsal = Rehearsal(
            scenario: Scenario(
                name: "practice",
                about: "",
                seconds: minutes * 60,
                people: .init(each: people)
            ),
            target: target,
            secret: secret,
            keep: keep
        )
        let options = EveningOptions(
            secret: secret,
            adminTicket: try rehearsal.adminTicket(at: startedAt),
            startedAt: startedAt
        )
        let cast = Cast(practising: people, in: session)
        let run = String(startedAt / 100, radix: 36)
        var preflight = Preflight(target, options, run: run)
        try preflight.check(cast)
        let evening = try Evening(cast, rehearsal.scenario, target, options)
        do throws(LoadFault) {
            try enter(cast, options)
        } catch {
            rehearsal.clean(evening, prefix: Preflight.prefix(run))
            throw error
        }
        evening.practice = Practice(drillAfter: drillAfter.map { Int64($0) * 1_000_000 }, tell: say)
        say("The host's link: \(try link(role: .host, person: Practice.host, name: "Host", at: startedAt))")
        say("Start the session when you like; \(people) pretend people are on their way. Ctrl-C ends it.")
        evening.play { _ in !interruption.hasCome }
        if !keep {
            erase(evening)
            rehearsal.clean(evening, prefix: Preflight.prefix(run))
        }
        for remark in evening.allRemarks { say("Note: \(remark)") }
        let violations = evening.gatherings.flatMap(\.ledger.violations)
        for violation in violations.prefix(5) { say("\(violation.rule): \(violation.sentence)") }
        say(
            violations.isEmpty
                ? "The rules held." : "The rules did not hold: \(evening.violationCount) violations."
        )
        return violations.isEmpty ? 0 : 99
    }

    /// The first of the pretend people comes in before the link is printed: only the server knows whether the id is free.
    private func enter(_ cast: Cast, _ options: EveningOptions) throws(LoadFault) {
        let troupe = cast.troupes[0]
        let join = FirstJoin(
            target: target,
            options: options,
            session: session,
            community: troupe.community
        )
        do throws(FirstJoinFault) {
            let reply = try join.ask(troupe.people[0])
            if Self.isUsed(reply, by: troupe.people) { throw .refused("ended") }
        } catch {
            throw Self.fault(error, session: session)
        }
    }

    /// Whether somebody has practised here before, or does so now: it is over, or others of the pretend people are in it.
    static func isUsed(_ reply: JSONObject, by people: [Cast.Role]) -> Bool {
        let state = reply["state"]?.object
        let seats = (state?["participants"]?.objects ?? []).compactMap { $0.string("person") }
        return state?["session"]?.object?.string("phase") == "ended"
            || seats.contains { $0 != people[0].person && $0.hasPrefix(Cast.pretendPrefix) }
    }

    /// What is to be done about a session that lets no pretend people in.
    ///
    /// The secret is right: the first look has shown it.
    static func fault(_ fault: FirstJoinFault, session: String) -> LoadFault {
        switch fault {
        case .refused("rehearsalMismatch"), .closed(4501):
            .usage(
                "--session \(session): that is a real session, and pretend people do not get into one; take another id"
            )
        case .refused("ended"), .closed(4504):
            .usage("--session \(session): this id is used up, as each is after one practice; take another")
        case .refused, .closed, .lost:
            .unreachable("--session \(session): nobody gets in: \(fault.sentence)")
        }
    }

    /// Has this one session erased: another practice's id may begin with this one's.
    private func erase(_ evening: Evening) {
        let request = PlainRequest(
            method: "DELETE",
            path: "/v1/sessions/\(session)",
            ticket: evening.options.adminTicket,
            seconds: 130
        )
        let why: String
        do throws(LoadFault) {
            let answer = try request.ask(target)
            guard answer.status != 200 else { return }
            why = "\(answer.status) \(answer.text.prefix(200))"
        } catch {
            why = error.sentence
        }
        evening.remark("The session was not erased (\(why)); the server does so an hour after its end.")
    }

    private func link(
        role: TicketRole,
        person: String,
        name: String,
        at now: Milliseconds
    ) throws(LoadFault) -> String {
        let host = Cast.Role(
            person: person,
            name: name,
            school: "",
            role: role,
            arrives: 0,
            devices: 1,
            link: .near
        )
        do throws(TicketFault) {
            let ticket = try host.ticket(
                session: session,
                community: "Practice",
                at: now,
                by: TicketWriter(secret: secret)
            )
            return
                "\(target.page)#session=\(session)&ticket=\(String(decoding: ticket, as: UTF8.self))"
        } catch {
            throw .data("the host's link cannot be made: \(error)")
        }
    }
}
