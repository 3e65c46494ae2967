internal import SessionProtocol

/// Puts a configuration together: the flag wins, then the environment, then the file, then the default.
///
/// All problems are found at once, so that nobody has to start ten times for ten mistakes.
package struct ConfigurationReader {
    private let command: Subcommand
    private var sentences: [String] = []
    /// 64 as soon as an argument is wrong.
    private var exit = ExitCode.configuration

    private init(command: Subcommand) {
        self.command = command
    }

    /// Reads what the command was given.
    ///
    /// - Throws: every problem, in sentences; `.usage` if one of them is an argument's.
    package static func read(
        _ command: Subcommand,
        arguments: [String],
        environment: [String: String]
    ) throws(ConfigurationFault) -> Configuration {
        try choices(command, arguments: arguments, environment: environment).configuration()
    }

    /// Gathers what the command was given, from everywhere; mistakes are told when it is to be understood.
    package static func choices(
        _ command: Subcommand,
        arguments: [String],
        environment: [String: String]
    ) -> Choices {
        var reader = ConfigurationReader(command: command)
        let flags = reader.flags(arguments)
        let variables = reader.variables(environment)
        let file = reader.file(flags["config"] ?? variables["config"])
        var choices = Choices(command, mistakes: reader.sentences, exit: reader.exit)
        for option in Option.all where option.commands.contains(command) {
            if let values = flags[option.name] {
                choices[option] = Choices.Choice(values: values, source: .flag)
            } else if let values = variables[option.name] {
                choices[option] = Choices.Choice(values: values, source: .environment)
            } else if let values = file.values[option.name] {
                choices[option] = Choices.Choice(values: values, source: .file(file.path))
            }
        }
        return choices
    }

    /// "Did you mean …?", with a blank before it, or nothing.
    static func hint(
        for name: String,
        among names: [String] = Option.all.map(\.name),
        prefix: String = ""
    ) -> String {
        NearestName.of(name, among: names).map { " Did you mean \(prefix)\($0)?" } ?? ""
    }
}

extension ConfigurationReader {
    private mutating func complain(_ sentence: String, isArgument: Bool) {
        sentences.append(sentence)
        if isArgument { exit = .usage }
    }

    /// The values behind flags: `--name value`, `--name=value`, a switch alone.
    private mutating func flags(_ arguments: [String]) -> [String: [String]] {
        var values: [String: [String]] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--"), argument.utf8.count > 2 else {
                complain(
                    "\"\(Printable.text(argument))\": plenary \(command.rawValue) takes options only; they begin with --.",
                    isArgument: true
                )
                continue
            }
            let parts = argument.dropFirst(2).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = String(parts[0])
            let isConfig = name == "config"
            let option = Option.named(name)
            guard isConfig || option?.commands.contains(command) == true else {
                refuse(flag: name, isKnown: option != nil)
                // Its value is not a second mistake.
                if parts.count == 1, let next = rest.first, !next.hasPrefix("--") { rest.removeFirst() }
                continue
            }
            if values[name] != nil, option?.isRepeatable != true {
                complain("--\(name) stands there twice; once is enough.", isArgument: true)
            }
            if parts.count == 2 {
                values[name, default: []].append(String(parts[1]))
            } else if !isConfig, option?.placeholder == nil {
                values[name, default: []].append("true")
            } else if let value = rest.popFirst() {
                values[name, default: []].append(value)
            } else {
                let wanted = isConfig ? "FILE" : option?.placeholder(for: command) ?? ""
                complain("--\(name) needs a value behind it: --\(name) \(wanted).", isArgument: true)
            }
        }
        return values
    }

    private mutating func refuse(flag name: String, isKnown: Bool) {
        if isKnown {
            complain("--\(name) is no option of plenary \(command.rawValue).", isArgument: true)
        } else {
            let names = Option.all.filter { $0.commands.contains(command) }.map(\.name) + ["config"]
            let shown = Printable.text(String(decoding: name.utf8.prefix(64), as: UTF8.self))
            let hint = Self.hint(for: name, among: names, prefix: "--")
            complain("--\(shown): there is no such option.\(hint)", isArgument: true)
        }
    }

    /// The values of variables; a repeatable option's are separated by commas.
    ///
    /// A variable that is nearly one of ours is a slip of the pen and refused. Others are let be: schedulers put
    /// their own variables with a service's name into its environment.
    private mutating func variables(_ environment: [String: String]) -> [String: [String]] {
        var values: [String: [String]] = [:]
        let known = Option.all.map(\.variable) + ["PLENARY_CONFIG"]
        if let path = environment["PLENARY_CONFIG"] { values["config"] = [path] }
        for option in Option.all {
            guard let text = environment[option.variable] else { continue }
            let parts = option.isRepeatable ? text.split(separator: ",").map(String.init) : [text]
            values[option.name] = parts
        }
        for variable in environment.keys.sorted()
        where variable.hasPrefix("PLENARY_") && !known.contains(variable) {
            guard let nearest = Self.slip(variable, of: known) else { continue }
            complain(
                "\(Printable.text(variable)) in the environment: there is no such option. Did you mean \(nearest)?",
                isArgument: false
            )
        }
        return values
    }

    private static func slip(_ variable: String, of known: [String]) -> String? {
        let length = variable.utf8.count - "PLENARY_".utf8.count
        let limit = length <= 4 ? 1 : 2
        guard variable.utf8.count <= 64 else { return nil }
        return known.first { NearestName.distance(Array(variable.utf8), Array($0.utf8)) <= limit }
    }

    private mutating func file(_ paths: [String]?) -> (path: String, values: [String: [String]]) {
        guard let path = paths?.last else { return ("", [:]) }
        do {
            return (path, try ConfigurationFile.read(path))
        } catch {
            sentences += error.sentences
            return (path, [:])
        }
    }
}
