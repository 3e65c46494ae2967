import Foundation
import SessionProtocol

/// `plenary-load`: the word that says what is to be done, and where it is done.
enum LoadCommand {
    static let usage = """
        plenary-load SCENARIO.json --url URL --secret-file FILE [--out DIR] [--compare OLD.json]
            plays an evening against a server and judges what everybody is told
        plenary-load --find-capacity SCENARIO.json --url URL --secret-file FILE
            finds how many of its sessions this machine carries
        plenary-load check SCENARIO.json…
            every problem of a scenario, or "ok"
        plenary-load practise --session S [--people N] --url URL --secret-file FILE [--drill]
            pretend people for a host who wants to learn the rooms
        plenary-load report RESULT.json [--compare OLD.json] [--out FILE.html]
            makes the report anew

        \(RunCommand.options)

        With --find-capacity also:

        \(CapacityCommand.options)

        With practise, beside --url and what belongs to it, --secret-file, --keep and --target-is-mine:

        \(PractiseCommand.options)

        Exit codes: 0 the rules held and every threshold was met, 64 wrong arguments, 65 a bad scenario or file, 69 the
        server cannot be reached, 73 a file cannot be written, 75 the run is invalid because the driver itself was the
        bottleneck, 99 a threshold was not met, 130 interrupted, with the report so far.
        """

    /// Runs with the program's arguments and answers the exit code.
    static func run(_ arguments: [String]) -> Int32 {
        switch arguments.first {
        case "check": return CheckCommand.run(Array(arguments.dropFirst()), say: say)
        case "bench": return BenchCommand.run(Array(arguments.dropFirst()))
        case "report": return ReportCommand.run(Array(arguments.dropFirst()))
        default: break
        }
        if arguments.contains("--help") || arguments == ["help"] {
            say(usage)
            return 0
        }
        guard !arguments.isEmpty else {
            complain(usage)
            return LoadFault.usage("").exitCode
        }
        do throws(LoadFault) {
            return try play(arguments)
        } catch {
            complain("plenary-load: \(error.sentence)")
            return error.exitCode
        }
    }

    private static func play(_ arguments: [String]) throws(LoadFault) -> Int32 {
        try refuseUnknownWord(arguments)
        let run = Arguments.names(in: RunCommand.options)
        let capacity = Arguments.names(in: CapacityCommand.options)
        let all = run + capacity + Arguments.names(in: PractiseCommand.options)
        var rest = Arguments(arguments)
        if arguments.first == "practise" {
            try rest.refuseUnknown(known: PractiseCommand.names, elsewhere: all)
            return try PractiseCommand(Array(arguments.dropFirst())).run(say)
        }
        if rest.has("--find-capacity") {
            let files = ["--out", "--compare"]
            try rest.refuseUnknown(known: run.filter { !files.contains($0) } + capacity, elsewhere: all)
            return try CapacityCommand(&rest).run(say)
        }
        try rest.refuseUnknown(known: run + ["--find-capacity"], elsewhere: all)
        return try RunCommand(&rest).run(say)
    }

    /// A first word that is no scenario's file but close to what this program can do.
    static func refuseUnknownWord(_ arguments: [String]) throws(LoadFault) {
        guard let first = arguments.first, !words.contains(first),
            let nearest = NearestName.of(first, among: words),
            !FileManager.default.fileExists(atPath: first)
        else { return }
        throw .usage("there is no command and no file \(first); did you mean \(nearest)?")
    }

    private static let words = ["check", "practise", "report"]

    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// A line on standard output, at once, so that whoever pipes it sees it.
    private static func say(_ line: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }
}
