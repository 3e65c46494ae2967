import Foundation
import SessionProtocol
import Sessions
import Tickets
import Transport

/// `plenary-load SCENARIO.json`: plays it once and says what it came to.
struct RunCommand {
    private let rehearsal: Rehearsal
    /// Where the result and the report go; nil: nowhere.
    private let folder: String?
    private let older: RunResult?

    static let options = """
        \(TargetURL.options)
          --secret-file FILE   the file of the server's --secret-file; tickets are signed with it
          --out DIR            result.json and report.html go there
          --compare OLD.json   an older result beside this one
          --seed N             instead of the scenario's: same seed, same traffic
          --keep               the sessions are not erased at the end; the server does so an hour later
          --restart-command C  restarts the server, where the scenario says so (given to /bin/sh)
          --target-is-mine     the server is not on this machine, and nobody else is using it
        """

    /// - Throws: `.usage` for wrong arguments, `.data` for files with mistakes.
    init(_ arguments: inout Arguments) throws(LoadFault) {
        folder = try arguments.value("--out")
        older = try arguments.value("--compare").map { (path) throws(LoadFault) in
            do throws(ResultFault) {
                return try ResultFile.read(path)
            } catch {
                throw .data(error.sentence)
            }
        }
        rehearsal = try Rehearsal(&arguments)
        try arguments.end()
    }

    private static var isColourful: Bool {
        let manner = LiveDisplay.manner(
            isTerminal: isatty(1) == 1,
            environment: ProcessInfo.processInfo.environment
        )
        return manner == .block(colour: true)
    }

    /// Plays it and answers the exit code.
    func run(_ say: (String) -> Void) throws(LoadFault) -> Int32 {
        // An evening whose result has no place to go is not worth playing.
        if let folder {
            do throws(ResultFault) {
                try ResultFile.makeFolder(folder)
            } catch {
                throw .unwritable(error.sentence)
            }
        }
        let interruption = Interruption()
        var display = LiveDisplay.standard()
        let result = try rehearsal.play(interruption) { display.show($0, at: $1) }
        display.end()
        var files: [String] = []
        var problem: String?
        if let folder {
            do throws(ResultFault) {
                files = try ResultFile.keep(result, comparedWith: older, in: folder)
            } catch {
                problem = error.sentence
            }
        }
        say(
            Summary.text(
                result,
                files: files,
                comparison: older.map { Comparison(of: result, with: $0) },
                colour: Self.isColourful
            )
        )
        if let problem { throw .unwritable(problem) }
        return Int32(result.verdict.exitCode)
    }
}

extension Rehearsal {
    /// From the arguments that all ways to play have.
    init(_ arguments: inout Arguments) throws(LoadFault) {
        let target = try TargetURL.taken(from: &arguments)
        let isMine = arguments.has("--target-is-mine")
        guard target.address.isLoopback || isMine else {
            throw .usage(
                "\(target.text) is not this machine. If it is yours and nobody is using it, say so with --target-is-mine"
            )
        }
        let secret = try Self.secret(
            try arguments.required(
                "--secret-file",
                "the file of the server's --secret-file, to sign tickets with"
            )
        )
        let seed = try arguments.number("--seed", in: 0...Int(JSONLimits.maxInteger))
        let keep = arguments.has("--keep")
        let restartCommand = try arguments.value("--restart-command")
        var scenario = try Self.scenario(try arguments.file("scenario"))
        if let seed { scenario.seed = UInt64(seed) }
        guard scenario.restarts.isEmpty || restartCommand != nil else {
            throw .usage("this scenario restarts the server: how, must be said with --restart-command")
        }
        self.init(
            scenario: scenario,
            target: target,
            secret: secret,
            keep: keep,
            restartCommand: restartCommand
        )
    }

    static func secret(_ path: String) throws(LoadFault) -> Secret {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .data("\(path) cannot be read")
        }
        let bytes = Secret.key(inFile: Array(data))
        guard let secret = Secret(bytes) else {
            throw .data(
                "\(path) holds \(bytes.count) bytes; a secret has \(Secret.minBytes) to \(Secret.maxBytes)"
            )
        }
        return secret
    }

    private static func scenario(_ path: String) throws(LoadFault) -> Scenario {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .data("\(path) cannot be read")
        }
        let reading = ScenarioReader.read(Array(data))
        guard let scenario = reading.scenario else {
            throw .data(reading.problems.map { "\(path): \($0)" }.joined(separator: "\n"))
        }
        return scenario
    }
}
