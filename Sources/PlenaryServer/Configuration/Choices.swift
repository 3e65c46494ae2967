/// What an operator has chosen, by option: as it was written and where, not yet understood.
package struct Choices: Sendable {
    /// One option's values, and where they stood.
    struct Choice: Sendable {
        var values: [String]
        var source: Source
    }

    /// Where a value was found.
    enum Source: Sendable {
        case flag
        case environment
        case file(String)
    }

    let command: Subcommand
    private var choices: [String: Choice] = [:]
    /// Mistakes that were found on the way here.
    private var mistakes: [String]
    /// 64 as soon as an argument is wrong.
    private var exit: ExitCode

    /// Choices of a command, with mistakes that were found while they were looked for.
    init(_ command: Subcommand, mistakes: [String], exit: ExitCode) {
        self.command = command
        self.mistakes = mistakes
        self.exit = exit
    }

    subscript(_ option: Option) -> Choice? {
        get { choices[option.name] }
        set { choices[option.name] = newValue }
    }

    /// What they come to, over the command's defaults.
    ///
    /// - Throws: every problem, in sentences; `.usage` if one of them is an argument's.
    package func configuration() throws(ConfigurationFault) -> Configuration {
        var configuration = command.defaults
        var (sentences, exit) = (mistakes, exit)
        for option in Option.all where option.commands.contains(command) {
            guard let choice = self[option] else { continue }
            for value in choice.values {
                do throws(BadValue) {
                    try option.read(value, &configuration)
                } catch {
                    sentences.append(choice.source.complaint(of: option, value, wanted: error.wanted))
                    if case .flag = choice.source { exit = .usage }
                }
            }
        }
        if sentences.isEmpty { sentences = configuration.problems() }
        guard sentences.isEmpty else { throw ConfigurationFault(sentences, exit: exit) }
        return configuration
    }

    /// The same, less what only a start can change: there the server goes on with what it was started with.
    ///
    /// `kept` names the options whose new value waits for a start.
    package func keeping(whatNeedsAStart started: Choices) -> (choices: Choices, kept: [String]) {
        var (kept, merged) = ([String](), self)
        for option in Option.all where option.commands.contains(command) {
            let (new, old) = (self[option]?.values, started[option]?.values)
            let waits =
                switch option.effect {
                case .atOnce: false
                case .atStart: new != old
                case .presenceAtStart: (new == nil) != (old == nil)
                }
            guard waits else { continue }
            kept.append(option.name)
            merged[option] = started[option]
        }
        return (merged, kept)
    }
}

extension Choices.Source {
    fileprivate func complaint(of option: Option, _ value: String, wanted: String) -> String {
        let shown = Printable.text(String(decoding: value.utf8.prefix(80), as: UTF8.self))
        return "\(place(of: option)): \"\(shown)\" will not do; it takes \(wanted)."
    }

    private func place(of option: Option) -> String {
        switch self {
        case .flag: "--\(option.name)"
        case .environment: "\(option.variable) in the environment"
        case .file(let path): "\(path), key \"\(option.name)\""
        }
    }
}
