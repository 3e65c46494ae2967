/// The help, made from the tables.
package enum Usage {
    private static let width = 96

    /// What `plenary help` says.
    package static func overview() -> String {
        var lines = ["plenary: a live-session server", "", "Usage: plenary COMMAND [OPTIONS]", ""]
        for command in Subcommand.allCases {
            lines.append("  " + padded(command.rawValue, to: 12) + command.summary)
        }
        lines += [
            "", "plenary COMMAND --help tells the options of a command.",
            "Exit codes: 0, 1 failure, 64 usage, 65 damaged journal, 69 unavailable, 73 folder in use or read-only,",
            "74 disk failed, 78 configuration.",
        ]
        return lines.joined(separator: "\n")
    }

    /// What `plenary COMMAND --help` says.
    package static func text(of command: Subcommand) -> String {
        let options = Option.all.filter { $0.commands.contains(command) }
        var lines = ["Usage: plenary \(command.rawValue)\(options.isEmpty ? "" : " [OPTIONS]")", ""]
        lines += wrapped(command.summary + ".", indent: 0)
        for group in Option.Group.allCases {
            let members = options.filter { $0.group == group }
            guard !members.isEmpty else { continue }
            lines += ["", "\(group.rawValue):"]
            for option in members { lines += entry(option, of: command) }
        }
        if !options.isEmpty {
            lines += ["", "  --config FILE"]
            lines += wrapped("a JSON object with options: {\"listen\": \"127.0.0.1:8080\"}", indent: 6)
            lines += [""]
            lines += wrapped(
                "Each option is also a variable in the environment (--secret-file is PLENARY_SECRET_FILE) and a key "
                    + "of the file. The flag wins, then the environment, then the file.",
                indent: 0
            )
        }
        if command == .serve || command == .demo {
            lines += [""]
            lines += wrapped(
                "SIGHUP has everything read again, and it holds from then on but for what says (start). With a mistake "
                    + "in it all of it stays as it was, and the log says why.",
                indent: 0
            )
        }
        return lines.joined(separator: "\n")
    }

    private static func entry(_ option: Option, of command: Subcommand) -> [String] {
        var head = "  --\(option.name)"
        if let placeholder = option.placeholder(for: command) { head += " \(placeholder)" }
        if option.isRepeatable { head += "   (may be repeated)" }
        var help = option.help(for: command)
        if let shown = option.shownDefault { help += " (default: \(shown))" }
        if option.effect == .atStart, command == .serve || command == .demo { help += " (start)" }
        return [head] + wrapped(help, indent: 6)
    }

    private static func wrapped(_ text: String, indent: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, indent + line.count + word.count + 1 > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return (lines + [line]).map { String(repeating: " ", count: indent) + $0 }
    }

    private static func padded(_ text: String, to count: Int) -> String {
        text + String(repeating: " ", count: max(1, count - text.count))
    }
}
