import Foundation
import Sessions
import Tickets
import Transport

/// One evening against one server, from the look before it to the cleaning behind it.
struct Rehearsal {
    var scenario: Scenario
    var target: TargetURL
    var secret: Secret
    /// The sessions stay to be looked at, for the hour that the server keeps them.
    var keep = false
    var restartCommand: String?

    /// Plays it; `show` is called once a second.
    ///
    /// - Throws: why it could not be begun.
    func play(_ interruption: Interruption, _ show: (Progress, Int64) -> Void) throws(LoadFault) -> RunResult
    {
        let startedAt = ServerClock.wall()
        let run = String(startedAt / 100, radix: 36)
        let options = EveningOptions(
            secret: secret,
            adminTicket: try adminTicket(at: startedAt),
            startedAt: startedAt,
            restartCommand: restartCommand
        )
        let cast = Cast(scenario, run: run, most: Preflight.mostConnections(target))
        var preflight = Preflight(target, options, run: run)
        try preflight.check(cast)
        let evening = try Evening(cast, scenario, target, options)
        for sentence in preflight.remarks { evening.remark(sentence) }
        evening.play { evening in
            show(evening.progress, evening.now / 1_000)
            return !interruption.hasCome
        }
        if !keep { clean(evening, prefix: Preflight.prefix(run)) }
        return judged(evening)
    }

    private func judged(_ evening: Evening) -> RunResult {
        var result = evening.result()
        result.judge(isInterrupted: evening.wasInterrupted, shortages: Array(evening.shortages))
        return result
    }

    /// Has the sessions whose ids begin so erased; what does not work is a remark.
    func clean(_ evening: Evening, prefix: String) {
        let request = PlainRequest(
            method: "DELETE",
            path: "/v1/rehearsals?prefix=\(prefix)",
            ticket: evening.options.adminTicket,
            seconds: 130
        )
        do throws(LoadFault) {
            let answer = try request.ask(target)
            guard answer.status != 200 else { return }
            evening.remark(
                "The sessions were not erased (\(answer.status) \(answer.text.prefix(200))); the server does so an hour after their end."
            )
        } catch {
            evening.remark(
                "The sessions were not erased (\(error.sentence)); the server does so an hour after their end."
            )
        }
    }

    /// For the metrics, and to erase what was played.
    func adminTicket(at now: Milliseconds) throws(LoadFault) -> String {
        guard let person = PersonID("plenary-load".utf8), let all = SessionPattern("*".utf8) else {
            throw .data("no admin's ticket can be made")
        }
        let claims = TicketClaims(
            person: person,
            name: Text("plenary-load"),
            role: .admin,
            session: all,
            expiresAt: now + 86_400_000
        )
        do throws(TicketFault) {
            return try TicketWriter(secret: secret).ticket(claims)
        } catch {
            throw .data("no admin's ticket can be made: \(error)")
        }
    }
}

extension Evening {
    /// How far it is, for the display.
    var progress: Progress {
        let last = meters.timeline.last
        return Progress(
            elapsed: seconds,
            plannedSeconds: scenario.seconds,
            connected: meters.connected,
            plannedPeople: people.count,
            sentPerSecond: Double(last?.sent ?? 0),
            heardPerSecond: Double(last?.heard ?? 0),
            p50Ms: meters.deliveries.count == 0 ? nil : Double(meters.deliveries.percentile(50)) / 1_000,
            p99Ms: meters.deliveries.count == 0 ? nil : Double(meters.deliveries.percentile(99)) / 1_000,
            violations: violationCount,
            phase: meters.marks.last?.text ?? "people arrive"
        )
    }
}
