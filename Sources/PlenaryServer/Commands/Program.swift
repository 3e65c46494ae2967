/// The command `plenary`: finds out what is asked, and has it done.
package struct Program {
    private let arguments: [String]
    private let environment: [String: String]
    private let outlet: Outlet

    /// `arguments` without the program's own name.
    package init(arguments: [String], environment: [String: String], outlet: Outlet = .standard) {
        self.arguments = arguments
        self.environment = environment
        self.outlet = outlet
    }

    /// Does what is asked; returns when it is done.
    package func run() -> ExitCode {
        guard let first = arguments.first else {
            outlet.complain(Usage.overview())
            return .usage
        }
        let rest = Array(arguments.dropFirst())
        switch first {
        case "--help", "-h": return help(rest)
        case "--version": return version(rest)
        default: break
        }
        guard let command = Subcommand(rawValue: first) else {
            let names = Subcommand.allCases.map(\.rawValue)
            let hint = ConfigurationReader.hint(for: first, among: names, prefix: "plenary ")
            outlet.complain("plenary has no command \"\(Printable.text(first))\".\(hint)")
            outlet.complain("plenary help tells what it can do.")
            return .usage
        }
        if rest.contains("--help") || rest.contains("-h") { return outlet.result(Usage.text(of: command)) }
        switch command {
        case .help: return help(rest)
        case .version: return version(rest)
        case .serve, .demo, .ticket, .check, .verify, .replay, .attendance, .export, .erase, .backup,
            .echo:
            return run(command, rest)
        }
    }

    private func run(_ command: Subcommand, _ rest: [String]) -> ExitCode {
        let choices = ConfigurationReader.choices(command, arguments: rest, environment: environment)
        let configuration: Configuration
        do {
            configuration = try choices.configuration()
        } catch {
            let code = outlet.refuse(error)
            if code == .usage { outlet.complain("plenary \(command.rawValue) --help tells the options.") }
            return code
        }
        let rereading = Rereading(choices, arguments: rest, environment: environment)
        switch command {
        case .serve: return Serve.run(configuration, rereading: rereading, outlet)
        case .demo: return Demo.run(configuration, rereading: rereading, outlet)
        case .ticket: return TicketCommand.run(configuration, outlet)
        case .check: return Check.run(configuration, outlet)
        case .verify: return Verify.run(configuration, outlet)
        case .replay: return Replay.run(configuration, outlet)
        case .attendance: return AttendanceReporting.run(configuration, outlet)
        case .export: return Export.run(configuration, outlet)
        case .erase: return Erase.run(configuration, outlet)
        case .backup: return BackupCommand.run(configuration, outlet)
        case .echo: return Echo.run(configuration, outlet)
        case .version, .help: return .success
        }
    }

    private func help(_ rest: [String]) -> ExitCode {
        guard let name = rest.first else { return outlet.result(Usage.overview()) }
        guard rest.count == 1, let command = Subcommand(rawValue: name) else {
            outlet.complain("plenary help takes the name of one command.")
            return .usage
        }
        return outlet.result(Usage.text(of: command))
    }

    private func version(_ rest: [String]) -> ExitCode {
        guard rest.isEmpty else {
            outlet.complain("plenary version takes no arguments.")
            return .usage
        }
        return outlet.result("plenary \(Version.text)")
    }
}
