internal import Journal
internal import SessionProtocol
internal import Sessions
internal import Tickets

/// `plenary attendance`: how long people attended a session, or the sessions of a community over some days.
///
/// It reads beside a running server, archives too, and changes nothing.
enum AttendanceReporting {
    /// Prints the report; bad archives are named and left out.
    static func run(_ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        do throws(ConfigurationFault) {
            let problems = configuration.attendanceProblems
            guard problems.isEmpty, let row = configuration.attendance.row else {
                throw ConfigurationFault(problems, exit: .usage)
            }
            let storage = try JournalFolder.open(configuration.data, for: .attendance)
            do throws(JournalFault) {
                let found = try found(configuration, storage)
                for sentence in found.complaints { outlet.complain(sentence) }
                guard !found.sessions.isEmpty else { return found.hasBadArchives ? .badData : .failure }
                let report = AttendanceDocument(of: found.sessions, by: row, zone: configuration.replay.zone)
                let code = print(report, configuration, outlet)
                return found.hasBadArchives && code == .success ? .badData : code
            } catch {
                // Figures of half a journal would be taken for figures of all of it.
                outlet.complain(error.description)
                return ExitCode(error)
            }
        } catch {
            return outlet.refuse(error)
        }
    }

    private static func print(
        _ report: AttendanceDocument,
        _ configuration: Configuration,
        _ outlet: Outlet
    ) -> ExitCode {
        switch configuration.replay.form {
        case .text: return outlet.result(report.text)
        case .json: return outlet.result(String(decoding: report.json, as: UTF8.self))
        case .csv:
            for sentence in report.lookAlikeSentences { outlet.complain(sentence) }
            // The line feed at the end comes from the outlet.
            return outlet.result(String(decoding: report.csv.dropLast(), as: UTF8.self))
        }
    }

    /// What the folder has of what was asked for.
    private struct Found {
        var sessions: [AttendedSession] = []
        var complaints: [String] = []
        var hasBadArchives = false
    }

    private static func found(
        _ configuration: Configuration,
        _ storage: DiskStorage
    ) throws(JournalFault) -> Found {
        // Read before the sessions: what is not over is told as of then, or as of its own last event if that is later.
        let lastAt = try JournalReader.lastEntryAt(in: storage) ?? 0
        if let id = configuration.tickets.session?.single { return try found(id, asOf: lastAt, storage) }
        guard let days = configuration.days else { return Found() }
        let community = configuration.tickets.community
        var found = Found()
        var others: Set<String> = []
        var isKnown = false
        let bad = try SessionHistories.fold(storage) { session throws(JournalFault) in
            guard !session.outline.isRehearsal else { return }
            guard session.outline.community == community else {
                if !session.outline.community.isBlank { others.insert(session.outline.community.string) }
                return
            }
            isKnown = true
            let began = session.outline.startedAt ?? session.outline.createdAt
            guard (days.from...days.through).contains(began) else { return }
            found.sessions.append(AttendedSession(session.state, at: lastAt))
        }
        found.hasBadArchives = !bad.isEmpty
        found.complaints = bad.map {
            "The archive of session \($0.id.text) is bad, and left out: \($0.fault.description)"
        }
        if found.sessions.isEmpty {
            found.complaints.append(
                none(of: community.string, isKnown, others.sorted(), configuration.replay.zone, days)
            )
        }
        return found
    }

    private static func none(
        of community: String,
        _ isKnown: Bool,
        _ others: [String],
        _ zone: Zone,
        _ days: (from: Milliseconds, through: Milliseconds)
    ) -> String {
        let name = Printable.text(community)
        if isKnown {
            let (from, to) = (zone.day(days.from), zone.day(days.through))
            return "Community \(name) has no session from \(from) to \(to) (\(zone.name))."
        }
        let sentence = "There is no community \(name)."
        guard let nearest = NearestName.of(community, among: others) else { return sentence }
        return sentence + " Did you mean \(Printable.text(nearest))?"
    }

    private static func found(
        _ id: SessionID,
        asOf lastAt: Milliseconds,
        _ storage: DiskStorage
    ) throws(JournalFault) -> Found {
        if let outline = try SessionHistory.outline(of: id, in: storage), !outline.isErased,
            let history = try SessionHistory(of: id, in: storage)
        {
            var replay = SessionReplay(history)
            while let entry = try replay.next() { try replay.apply(entry) }
            if let state = replay.state { return Found(sessions: [AttendedSession(state, at: lastAt)]) }
        }
        return Found(complaints: Replay.unknown(id, among: try SessionHistories.ids(in: storage)))
    }
}
