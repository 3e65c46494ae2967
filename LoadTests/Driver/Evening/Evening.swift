import Foundation
import Sessions
import Tickets
import Transport

/// The evening as it is played: everybody's acts, their sockets, the judges and the meters, on one thread.
///
/// Open loop: each act has a moment at which it is due and takes place then, whatever the server does. What is measured counts from
/// that moment, so a server that stalls cannot hide what it kept from being sent; how late the driver itself was is
/// measured apart.
final class Evening {
    let scenario: Scenario
    let target: TargetURL
    let options: EveningOptions
    var agenda = Agenda()
    let sockets: ClientSockets
    /// Nil in a rehearsal that no person takes part in.
    var practice: Practice?
    var gatherings: [Gathering] = []
    var people: [Person] = []
    /// The device behind each socket.
    var owners: [Int: Line] = [:]
    var meters = Meters()
    var serverClock = ClockOffset()
    var sources: SourceAddresses
    var returns = Returns()
    var probe: MetricsProbe
    /// What the reader of the report should know.
    private(set) var remarks: [String] = []
    private var remarksLeftOut = 0
    /// Why connections could not even be begun.
    var shortages: Set<VerdictRules.Shortage> = []
    var isFinishing = false
    var isOver = false
    var serverVersion = ""
    /// The server is away, or about to be, since then by its own clock; `isFelt` once a connection was lost to it.
    var outage: (from: Int64, isFelt: Bool)?
    var wasInterrupted = false
    /// Who was to be there when the end began, and was not.
    var missingPeople = 0
    var usage = DriverUsage(at: 0)
    var serverMemoryPeak = 0.0
    private let began = ContinuousClock.now
    /// How long it was, in seconds; the cleaning behind it is not the evening's.
    private(set) var length = 0.0

    /// Everybody with their tickets, before the first has come.
    ///
    /// - Throws: `LoadFault.unreachable` when the kernel gives no sockets, `.data` when tickets cannot be made.
    init(_ cast: Cast, _ scenario: Scenario, _ target: TargetURL, _ options: EveningOptions) throws(LoadFault)
    {
        self.scenario = scenario
        self.target = target
        self.options = options
        sources = SourceAddresses(for: target)
        probe = MetricsProbe(target, adminTicket: options.adminTicket)
        do throws(SystemFailure) {
            sockets = try ClientSockets()
        } catch {
            throw .unreachable(error.description)
        }
        let writer = TicketWriter(secret: options.secret)
        for troupe in cast.troupes {
            let gathering = Gathering(troupe)
            for role in troupe.people {
                let ticket: [UInt8]
                do throws(TicketFault) {
                    ticket = try role.ticket(
                        session: troupe.session,
                        community: troupe.community,
                        at: options.startedAt,
                        by: writer
                    )
                } catch {
                    throw .data("a ticket for \(role.person) cannot be made: \(error)")
                }
                let number = people.count
                let person = Person(role, in: gathering, number: number, ticket: ticket, seed: scenario.seed)
                people.append(person)
                gathering.people.append(person)
            }
            gatherings.append(gathering)
        }
    }

    /// Microseconds since the run began.
    var now: Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - began).components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// Seconds since then, for the lists.
    var seconds: Double { Double(now) / 1_000_000 }

    /// Notes a sentence for the report; of very many the first are enough.
    func remark(_ sentence: String) {
        if remarks.count < 30 { remarks.append(sentence) } else { remarksLeftOut += 1 }
    }

    /// The same, with how many are not among them.
    var allRemarks: [String] {
        remarksLeftOut == 0 ? remarks : remarks + ["\(remarksLeftOut) more remarks were left out."]
    }

    /// Plays it; `tell` is called once a second, and stops it when it answers false.
    func play(_ tell: (Evening) -> Bool) {
        planEverything()
        while !isOver {
            performDue(tell)
            let wait = max(0, (agenda.nextDue ?? now) - now + 999) / 1_000
            sockets.turn(atMostMilliseconds: Int32(clamping: min(wait, 100))) { happened($0) }
        }
        length = seconds
    }

    private func performDue(_ tell: (Evening) -> Bool) {
        // Sockets come between: a long list of acts must not keep what has come from being read.
        for _ in 0..<256 {
            let now = now
            guard let (act, due) = agenda.take(dueBy: now) else { return }
            meters.lag(Int(now - due))
            if case .measure = act {
                measure(due: due)
                if !tell(self), !isFinishing { finish(interrupted: true) }
            } else {
                perform(act, due: due)
            }
        }
    }
}

/// How an evening is played beyond its scenario.
struct EveningOptions {
    var secret: Secret
    /// Nil: the server's metrics are not read, and nothing is erased.
    var adminTicket: String?
    /// Since 1970.
    var startedAt: Milliseconds
    /// For the server's restart, by `/bin/sh`.
    var restartCommand: String?
}

/// What the server's clock shows, from the replies to joins: the quickest of them says it best.
struct ClockOffset {
    private var best: (roundTrip: Int64, offset: Int64)?

    /// A reply that came at `heard` to what was sent at `sent`; microseconds, and the server's milliseconds.
    mutating func learn(server: Int64, sent: Int64, heard: Int64) {
        let roundTrip = heard - sent
        guard roundTrip < best?.roundTrip ?? .max else { return }
        best = (roundTrip, server - (sent + heard) / 2_000)
    }

    mutating func forget() { best = nil }

    /// Milliseconds since 1970 by the server's clock.
    func server(at moment: Int64) -> Int64 { moment / 1_000 + (best?.offset ?? 0) }
}
