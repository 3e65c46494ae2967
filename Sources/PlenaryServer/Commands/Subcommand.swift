internal import Foundation

/// What `plenary` can be asked to do.
package enum Subcommand: String, CaseIterable, Sendable {
    case serve
    case demo
    case ticket
    case check
    case verify
    case replay
    case attendance
    case export
    case erase
    case backup
    case echo
    case version
    case help

    /// One line for the help.
    var summary: String {
        switch self {
        case .serve: "Serves sessions from the folder of --data to whoever has a ticket"
        case .demo:
            "Serves on this machine, with secret and data in --data or thrown away, and prints links to click"
        case .ticket: "Makes tickets: one, or one for each person of a file"
        case .check:
            "Opens what serve with the same options would open, and says every problem with its cure, or ok"
        case .verify: "Reads the whole journal in --data and names the first bad record, if any"
        case .replay:
            "Tells what a session was at a moment, what happened in it, and why somebody was where they were"
        case .attendance:
            "Reports how long people attended: a row a session, a person or a school, as text, CSV or JSON"
        case .export: "Prints all that is kept of a person in --data"
        case .erase:
            "Forgets a person or a session in --data, when no server runs on it; in a copy, whoever was erased since"
        case .backup:
            "Copies --data to a new folder beside a running server, reads the copy back and verifies it"
        case .echo: "Serves WebSocket echo, for conformance suites: messages of 16 MiB, 65,536 fragments"
        case .version: "Says which version this is"
        case .help: "Says what plenary can do; plenary help COMMAND is plenary COMMAND --help"
        }
    }

    /// What the command starts from before anybody has chosen anything.
    var defaults: Configuration {
        var configuration = Configuration()
        configuration.command = self
        // These two are started by people, when they are not started by tests.
        if self == .demo || self == .echo, isatty(STDERR_FILENO) == 1 { configuration.logForm = .text }
        // Whoever asks for what is kept of them may take it elsewhere.
        if self == .export { configuration.replay.form = .json }
        return configuration
    }
}
