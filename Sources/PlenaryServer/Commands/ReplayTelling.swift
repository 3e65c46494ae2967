internal import Journal
internal import SessionProtocol
internal import Sessions

/// The time that is asked about, as numbers.
struct ReplaySpan {
    var from: Milliseconds?
    /// The last millisecond of it.
    var through: Milliseconds?

    /// A time without a day is on the session's.
    init(_ order: ReplayOrder, _ outline: SessionOutline) {
        let began = outline.startedAt ?? outline.createdAt
        let lastAt = outline.lastAt
        from = order.from?.instant(in: order.zone, began: began, lastAt: lastAt)
        through = (order.at ?? order.to)?.end(in: order.zone, began: began, lastAt: lastAt)
    }

    func contains(_ at: Milliseconds) -> Bool { from.map { $0 <= at } ?? true }
}

/// Tells of one session what was asked.
struct ReplayTelling {
    private let manner: Manner
    private let order: ReplayOrder
    private let span: ReplaySpan
    private let id: SessionID
    private var replay: SessionReplay
    private let lines: Lines
    /// The day of the line before.
    private var day: String?

    init(_ order: ReplayOrder, _ outline: SessionOutline, _ history: SessionHistory, _ lines: Lines) {
        self.order = order
        self.lines = lines
        span = ReplaySpan(order, outline)
        id = history.id
        replay = SessionReplay(history)
        manner = Manner(zone: order.zone, withText: order.withText, takenBack: outline.wordsTakenBack)
    }

    // MARK: - The state

    /// The state behind the last event of the span.
    mutating func state() throws(JournalFault) -> ExitCode {
        while let entry = try nextInSpan() { try replay.apply(entry) }
        guard let state = replay.state else { return lines.fail([before()]) }
        if let seq = order.seq, seq > state.seq, !replay.isArchived {
            return lines.fail(["Session \(id.text) has no event \(seq): its last one is \(state.seq)."])
        }
        let page = StatePage(
            state: state,
            messages: replay.messages,
            isArchived: replay.isArchived,
            manner: manner
        )
        if order.form == .json {
            lines.add(page.json)
        } else {
            lines.add(heading(state))
            for line in page.lines { lines.add(line) }
        }
        return lines.finish()
    }

    /// The next event, unless it lies behind the span.
    private mutating func nextInSpan() throws(JournalFault) -> SessionEntry? {
        guard lines.mayGoOn, let entry = try replay.next() else { return nil }
        if let through = span.through, entry.at > through { return nil }
        if let seq = order.seq, entry.seq > seq { return nil }
        return entry
    }

    private func heading(_ state: SessionState) -> String {
        let title = state.title.isBlank ? "" : ", \(Cast.quoted(state.title))"
        return "Session \(id.text)\(title); times in \(manner.zone.name)"
    }

    /// There was no event in the span, since the session did not exist yet.
    private func before() -> String {
        "Session \(id.text) did not exist yet at that moment."
    }

    // MARK: - The story

    /// A line for each event of the span.
    mutating func story() throws(JournalFault) -> ExitCode {
        if let from = span.from, let through = span.through, through < from {
            return lines.fail(["--to lies before --from: there is no time between them."])
        }
        var told = 0
        while let entry = try nextInSpan() {
            let former = Sentence.Former(entry.event, in: replay.state)
            try replay.apply(entry)
            guard span.contains(entry.at), let state = replay.state else { continue }
            if told == 0 { lines.add(heading(state)) }
            told += 1
            tellDay(of: entry.at)
            let sentence = Sentence(entry: entry, cast: Cast(state), former: former, manner: manner)
            lines.add("\(manner.zone.time(entry.at)) \(sentence.text)")
        }
        if told == 0 { return lines.fail(["Nothing happened in session \(id.text) in that time."]) }
        return lines.finish()
    }

    /// A line with the date, when it is another one than that of the line before.
    private mutating func tellDay(of instant: Milliseconds) {
        let day = manner.zone.day(instant)
        if day != self.day { lines.add(day) }
        self.day = day
    }

    // MARK: - One person

    /// A line for each change of where a person was, and where that left them.
    mutating func explain(_ person: PersonID) throws(JournalFault) -> ExitCode {
        var explanation = Explanation(person, zone: manner.zone)
        var isTold = false
        while let entry = try nextInSpan() {
            try replay.apply(entry)
            guard let state = replay.state, let line = explanation.line(entry, state) else { continue }
            guard span.contains(entry.at) else { continue }
            if !isTold { lines.add(heading(state)) }
            isTold = true
            tellDay(of: entry.at)
            lines.add(line)
        }
        guard let state = replay.state else { return lines.fail([before()]) }
        guard let ending = explanation.ending(state) else { return lines.fail([absent(person, state)]) }
        if !isTold { lines.add(heading(state)) }
        lines.add(ending)
        return lines.finish()
    }

    /// Who may have been meant by somebody whom the session does not know.
    private func absent(_ person: PersonID, _ state: SessionState) -> String {
        let cast = Cast(state)
        let named = state.seats.indices.map { SeatID($0) }.filter {
            Cast.printable(state[$0].name).lowercased() == person.text.lowercased()
        }
        let sentence = "\(person.text) had not been in session \(id.text) by then."
        if !named.isEmpty { return sentence + " Did you mean \(cast.namesAndIDs(named))?" }
        let nearest = NearestName.of(person.text, among: state.seats.map(\.person.text))
        return sentence + (nearest.map { " Did you mean \($0)?" } ?? "")
    }
}
