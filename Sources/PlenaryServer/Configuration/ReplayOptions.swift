package import Sessions

extension Option {
    /// What is asked of the past.
    static let replay: [Option] = [
        moment(
            "at",
            "the state at this moment: 16:14, 2026-11-28 16:14:09, or ISO 8601 with a zone",
            in: \.replay.at
        ),
        optional(
            "seq",
            "N",
            "the state behind the event of this number",
            for: [.replay],
            in: \.replay.seq,
            wanted: "a whole number from 1"
        ) { text in Quantity.number(text).flatMap { $0 > 0 ? $0 : nil } },
        moment(
            "from",
            "the story, a line an event, from this moment on; of attendance: the first day",
            for: [.replay, .attendance],
            in: \.replay.from
        ),
        end,
        `switch`("story", "the whole story", for: [.replay], in: \.replay.isStory),
        optional(
            "explain",
            "PERSON",
            "where this person was, and why",
            for: [.replay],
            in: \.replay.explained,
            wanted: "1 to 64 letters, digits and . _ @ : + -"
        ) { PersonID($0.utf8) },
        `switch`(
            "hashes",
            "a line for each session: its id, its last event's number, and the hash of its state",
            for: [.replay],
            in: \.replay.wantsHashes
        ),
        value(
            "tz",
            "ZONE",
            "the time zone of times without one, and of what is printed: Europe/Berlin, +01:00",
            for: [.replay, .attendance],
            in: \.replay.zone,
            shownDefault: "UTC",
            wanted: "the name of a time zone such as Europe/Berlin, or a difference such as +01:00"
        ) { Zone($0) },
        `switch`(
            "with-text",
            "what people wrote as well, but for what they took back",
            for: [.replay],
            in: \.replay.withText
        ),
        value(
            "format",
            "FORM",
            "what the answer looks like: text, json, or for attendance csv",
            for: [.replay, .attendance, .export],
            in: \.replay.form,
            shownDefault: "text, and json for export",
            wanted: "text, json or csv"
        ) { ReplayOrder.Form(rawValue: $0) },
    ]

    /// Of a story or of a report the end, of a copy the place.
    private static let end = Option(
        name: "to",
        placeholder: "TIME or DIR",
        help: "the story up to this moment; of attendance: the last day; of a backup: the new folder",
        commands: [.replay, .attendance, .backup],
        meanings: [
            .replay: Meaning(placeholder: "TIME", help: "the story, a line an event, up to this moment"),
            .attendance: Meaning(placeholder: "TIME", help: "the last day"),
            .backup: Meaning(
                placeholder: "DIR",
                help: "the folder for the copy: one that does not exist yet, or an empty one"
            ),
        ]
    ) { text, configuration throws(BadValue) in
        if configuration.command == .backup {
            // A folder may well be called by the day, but not by the hour: that is a moment of a story.
            let isMoment = text.contains(":") && Moment(text) != nil
            guard let folder = path(text), !isMoment else {
                throw BadValue(wanted: "the path of a folder that does not exist yet")
            }
            configuration.copyTo = folder
        } else {
            guard let moment = Moment(text) else { throw BadValue(wanted: Moment.wanted) }
            configuration.replay.to = moment
        }
    }

    private static func moment(
        _ name: String,
        _ help: String,
        for commands: Set<Subcommand> = [.replay],
        in path: any WritableKeyPath<Configuration, Moment?> & Sendable
    ) -> Option {
        optional(name, "TIME", help, for: commands, in: path, wanted: Moment.wanted) { Moment($0) }
    }
}

/// What `plenary replay` is asked for.
package struct ReplayOrder: Equatable, Sendable {
    package var at: Moment?
    package var seq: Int?
    package var from: Moment?
    package var to: Moment?
    package var isStory = false
    package var explained: PersonID?
    package var wantsHashes = false
    package var zone = Zone.utc
    /// With what people wrote.
    package var withText = false
    package var form = Form.text

    package enum Form: String, Sendable {
        case text
        case json
        /// Of tables alone.
        case csv
    }
}

extension ReplayOrder {
    /// The story is asked for.
    var isTold: Bool { from != nil || to != nil || isStory }

    /// What contradicts itself or is missing, in sentences.
    func problems(hasSession: Bool) -> [String] {
        var sentences: [String] = []
        if !hasSession, !wantsHashes { sentences.append("plenary replay needs --session SESSION, one id.") }
        let kinds = [
            wantsHashes ? "--hashes" : nil,
            explained == nil && isTold ? "the story (--from, --to, --story)" : nil,
            explained == nil && (at != nil || seq != nil) ? "the state (--at, --seq)" : nil,
            explained == nil ? nil : "--explain",
        ].compactMap { $0 }
        if kinds.count > 1 {
            sentences.append(
                "\(kinds.joined(separator: " and ")) are different questions: ask one at a time."
            )
        }
        if at != nil, seq != nil {
            sentences.append("--at and --seq name two moments: leave one of them away.")
        }
        if explained != nil, isTold, at != nil || seq != nil {
            sentences.append(
                "--explain goes up to one moment (--at, --seq) or over a time (--from, --to), not both."
            )
        }
        if form == .json, isTold || explained != nil || wantsHashes {
            sentences.append("--format json is for the state; the rest is for people.")
        }
        if form == .csv { sentences.append("--format csv is for tables; plenary replay has text and json.") }
        if withText, wantsHashes { sentences.append("--hashes has no words: leave --with-text away.") }
        return sentences
    }
}
