/// One thing that can be chosen: as a flag, in the environment, and in the file of `--config`.
///
/// Flags, environment, file and help all come from `Option.all`.
package struct Option: Sendable {
    /// As it stands behind `--` and in the file; in the environment `PLENARY_` and the same in capitals.
    package var name: String
    /// What stands for the value in the help; nil for a switch.
    package var placeholder: String?
    package var help: String
    package var group = Group.main
    package var isRepeatable = false
    /// What can be asked with it.
    package var commands: Set<Subcommand>
    /// What it is to a command that takes it for something of its own; to the others it is as above.
    var meanings: [Subcommand: Meaning] = [:]
    /// The default for the help; nil when there is none worth showing.
    package var shownDefault: String?
    /// When another value holds in a server that runs.
    package var effect = Effect.atOnce
    /// Reads one value into the configuration; a repeatable option is read once for each.
    var read: @Sendable (String, inout Configuration) throws(BadValue) -> Void

    /// The name of the option's variable in the environment.
    package var variable: String {
        "PLENARY_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// What an option is to one command.
    struct Meaning: Sendable {
        var placeholder: String
        var help: String
    }

    /// What stands for the value in the command's help; nil for a switch.
    func placeholder(for command: Subcommand) -> String? { meanings[command]?.placeholder ?? placeholder }

    /// What the command's help says of it.
    func help(for command: Subcommand) -> String { meanings[command]?.help ?? help }

    /// When another value of an option begins to hold in a server that runs.
    package enum Effect: Sendable {
        /// At SIGHUP.
        case atOnce
        /// At the next start.
        case atStart
        /// Another file at SIGHUP; whether there is one at all is settled at the start.
        case presenceAtStart
    }

    /// Sections of the help.
    package enum Group: String, CaseIterable, Sendable {
        case main = "Options"
        case limits = "Limits"
        case times = "Times"
        case rules = "Rules of a session"
    }
}

/// A value that does not fit its option.
struct BadValue: Error {
    /// What would: "a whole number from 1 to 64".
    var wanted: String
}

extension Option {
    /// What somebody may do with `name`, from the table.
    package static func named(_ name: String) -> Option? {
        all.first { $0.name == name }
    }

    /// An option with a value that `parse` understands or answers nil to.
    static func value<Value>(
        _ name: String,
        _ placeholder: String,
        _ help: String,
        for commands: Set<Subcommand>,
        in path: any WritableKeyPath<Configuration, Value> & Sendable,
        shownDefault: String? = nil,
        wanted: String,
        parse: @escaping @Sendable (String) -> Value?
    ) -> Option {
        Option(
            name: name,
            placeholder: placeholder,
            help: help,
            commands: commands,
            shownDefault: shownDefault
        ) { text, configuration throws(BadValue) in
            guard let value = parse(text) else { throw BadValue(wanted: wanted) }
            configuration[keyPath: path] = value
        }
    }

    /// The same for what may be absent.
    ///
    /// It has a name of its own: to `value`, the nil of a parser for an optional would be a value like any other.
    static func optional<Value>(
        _ name: String,
        _ placeholder: String,
        _ help: String,
        for commands: Set<Subcommand>,
        in path: any WritableKeyPath<Configuration, Value?> & Sendable,
        wanted: String,
        parse: @escaping @Sendable (String) -> Value?
    ) -> Option {
        Option(name: name, placeholder: placeholder, help: help, commands: commands) {
            text,
            configuration throws(BadValue) in
            guard let value = parse(text) else { throw BadValue(wanted: wanted) }
            configuration[keyPath: path] = value
        }
    }

    /// A switch: its flag stands alone, elsewhere its value is `true` or `false`.
    static func `switch`(
        _ name: String,
        _ help: String,
        for commands: Set<Subcommand>,
        in path: any WritableKeyPath<Configuration, Bool> & Sendable
    ) -> Option {
        Option(name: name, help: help, commands: commands) { text, configuration throws(BadValue) in
            switch text {
            case "true": configuration[keyPath: path] = true
            case "false": configuration[keyPath: path] = false
            default: throw BadValue(wanted: "true or false")
            }
        }
    }

    /// A whole number.
    static func number(
        _ name: String,
        _ help: String,
        _ range: ClosedRange<Int>,
        for commands: Set<Subcommand> = [.serve, .demo],
        in path: any WritableKeyPath<Configuration, Int> & Sendable
    ) -> Option {
        value(
            name,
            "N",
            help,
            for: commands,
            in: path,
            shownDefault: "\(Configuration()[keyPath: path])",
            wanted: "a whole number from \(range.lowerBound) to \(range.upperBound)"
        ) { text in
            Quantity.number(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A number of bytes, also as `64KiB` or `8MiB`.
    static func bytes(
        _ name: String,
        _ help: String,
        _ range: ClosedRange<Int>,
        for commands: Set<Subcommand> = [.serve, .demo],
        in path: any WritableKeyPath<Configuration, Int> & Sendable
    ) -> Option {
        value(
            name,
            "BYTES",
            help,
            for: commands,
            in: path,
            shownDefault: Quantity.shown(bytes: Configuration()[keyPath: path]),
            wanted: "a number of bytes such as 4096, 64KiB or 8MiB, from "
                + "\(Quantity.shown(bytes: range.lowerBound)) to \(Quantity.shown(bytes: range.upperBound))"
        ) { text in
            Quantity.bytes(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A time in seconds, also with a fraction, kept in milliseconds; `orNever`: 0 beside the range, for no such time.
    static func seconds(
        _ name: String,
        _ help: String,
        _ range: ClosedRange<Double>,
        orNever: Bool = false,
        for commands: Set<Subcommand> = [.serve, .demo],
        in path: any WritableKeyPath<Configuration, Int64> & Sendable
    ) -> Option {
        let least = Int64((range.lowerBound * 1_000).rounded())
        let most = Int64((range.upperBound * 1_000).rounded())
        return value(
            name,
            "SECONDS",
            help,
            for: commands,
            in: path,
            shownDefault: Quantity.shown(milliseconds: Configuration()[keyPath: path]),
            wanted: "a number of seconds from \(Quantity.shown(milliseconds: least)) to "
                + "\(Quantity.shown(milliseconds: most)), such as 30 or 0.5\(orNever ? ", or 0 for never" : "")"
        ) { text in
            Quantity.milliseconds(seconds: text).flatMap { milliseconds in
                (least...most).contains(milliseconds) || (orNever && milliseconds == 0) ? milliseconds : nil
            }
        }
    }

    /// The same option, which begins to hold at another time.
    func holding(_ effect: Effect) -> Option {
        var option = self
        option.effect = effect
        return option
    }

    /// The same option in another section of the help.
    func grouped(_ group: Group) -> Option {
        var option = self
        option.group = group
        return option
    }
}
