internal import Journal
internal import SessionProtocol
internal import Sessions
internal import Tickets

/// `plenary replay`: what a session was at a moment, what happened in it, and why somebody was where they were.
///
/// It reads beside a running server, and changes nothing.
enum Replay {
    /// Answers the one question that was asked.
    static func run(_ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        let order = configuration.replay
        let pattern = configuration.tickets.session
        var sentences = order.problems(hasSession: pattern != nil)
        if let pattern, pattern.single == nil {
            sentences.append(
                "plenary replay is about one session, and \(pattern.text) is many: give its whole id."
            )
        }
        do throws(ConfigurationFault) {
            if configuration.data == nil { sentences.append("plenary replay needs --data DIR.") }
            guard sentences.isEmpty else { throw ConfigurationFault(sentences, exit: .usage) }
            let storage = try JournalFolder.open(configuration.data, for: .replay)
            let lines = Lines(outlet)
            do throws(JournalFault) {
                return try answer(order, pattern?.single, storage, lines)
            } catch {
                // What there was before the damage is worth having.
                let code = lines.finish()
                outlet.complain(error.description)
                return code == .success ? ExitCode(error) : code
            }
        } catch {
            return outlet.refuse(error)
        }
    }

    private static func answer(
        _ order: ReplayOrder,
        _ id: SessionID?,
        _ storage: DiskStorage,
        _ lines: Lines
    ) throws(JournalFault) -> ExitCode {
        guard let id else { return try hashes(of: nil, storage, lines) }
        // Read to its end first: it tells the day, what was taken back, and whether all of it is to be forgotten.
        guard let outline = try SessionHistory.outline(of: id, in: storage), !outline.isErased,
            let history = try SessionHistory(of: id, in: storage)
        else { return lines.fail(unknown(id, among: try SessionHistories.ids(in: storage))) }
        if order.wantsHashes { return try hashes(of: history, storage, lines) }
        var telling = ReplayTelling(order, outline, history, lines)
        if let person = order.explained { return try telling.explain(person) }
        return try order.isTold ? telling.story() : telling.state()
    }

    static func unknown(_ id: SessionID, among all: [SessionID]) -> [String] {
        // One that was erased may be in the segments until these are cleared of it.
        let known = all.filter { $0 != id }
        guard !known.isEmpty else { return ["There is no session \(id.text): the folder has none."] }
        let sentence = "There is no session \(id.text)."
        if let nearest = NearestName.of(id.text, among: known.map(\.text)) {
            return [sentence + " Did you mean \(nearest)?"]
        }
        let some = known.prefix(8).map(\.text).joined(separator: ", ")
        return [sentence + " There are \(known.count): \(some)\(known.count > 8 ? " …" : "")"]
    }

    /// A line for each session, in the order of their numbers.
    private static func hashes(
        of history: SessionHistory?,
        _ storage: DiskStorage,
        _ lines: Lines
    ) throws(JournalFault) -> ExitCode {
        if let history {
            var replay = SessionReplay(history)
            while let entry = try replay.next() { try replay.apply(entry) }
            if let state = replay.state { lines.add(line(state)) }
            return lines.finish()
        }
        var found: [(number: SessionNumber, line: String)] = []
        let bad = try SessionHistories.fold(storage) { session throws(JournalFault) in
            found.append((session.outline.number, line(session.state)))
        }
        for session in found.sorted(by: { $0.number < $1.number }) { lines.add(session.line) }
        let code = lines.finish()
        for archive in bad {
            lines.complain("The archive of session \(archive.id.text) is bad: \(archive.fault.description)")
        }
        return bad.isEmpty || code != .success ? code : .badData
    }

    private static func line(_ state: SessionState) -> String {
        "\(state.id.text) \(state.seq) \(StatePage.spelled(hash: ImageEncoding.stateHash(of: state)))"
    }
}

/// Lines on their way to standard output, some at a time: a story may be longer than memory.
final class Lines {
    private let outlet: Outlet
    private var waiting: [String] = []
    private var code = ExitCode.success

    init(_ outlet: Outlet) {
        self.outlet = outlet
    }

    func add(_ line: String) {
        waiting.append(line)
        if waiting.count >= 256 { _ = finish() }
    }

    func complain(_ sentence: String) { outlet.complain(sentence) }

    /// Writes what waits; answers how writing has gone.
    func finish() -> ExitCode {
        // After a failure nothing more is tried, and nothing more is said.
        if code == .success, !waiting.isEmpty { code = outlet.result(waiting.joined(separator: "\n")) }
        waiting = []
        return code
    }

    /// Says why there is no answer.
    func fail(_ sentences: [String]) -> ExitCode {
        let code = finish()
        for sentence in sentences { outlet.complain(sentence) }
        return code == .success ? .failure : code
    }

    var mayGoOn: Bool { code == .success }
}
