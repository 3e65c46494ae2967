import Foundation

/// `plenary-load LINKS.csv`: everybody in a file of links comes, chats for a while, and judges what they are told.
enum LoadCommand {
    static let usage = """
        plenary-load LINKS.csv [--seconds N] [--per-minute N] [--text-bytes N] [--seed N]

        Plays a session with everybody in LINKS.csv, a file that `plenary ticket --people` wrote: each row's link is a
        virtual participant that joins, starts the session if it may, sends messages, and checks what it is told.

          --seconds N      how long people talk (default 10)
          --per-minute N   messages of one participant in a minute (default 12)
          --text-bytes N   the length of a message (default 150)
          --seed N         same seed, same traffic (default 1)

        Exit codes: 0 all rules held, 1 some did not, 64 usage, 65 a bad file, 69 the server cannot be reached,
        75 the run is invalid because the driver itself was the bottleneck.
        """

    /// Runs with the program's arguments and answers the exit code.
    static func run(_ arguments: [String]) -> Int32 {
        if arguments.contains("--help") {
            say(usage)
            return 0
        }
        do throws(LoadFault) {
            let plan = try LoadPlan(arguments)
            let verdict = try Evening(plan).play(say)
            say(verdict.text)
            return verdict.isInvalid ? 75 : verdict.violations.isEmpty ? 0 : 1
        } catch {
            FileHandle.standardError.write(Data("plenary-load: \(error.sentence)\n".utf8))
            return error.exitCode
        }
    }
}

extension LoadCommand {
    /// A line on standard output, at once, so that whoever pipes it sees the progress.
    private static func say(_ line: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }
}

/// What is to be played.
struct LoadPlan {
    var links: [JoinLink]
    var seconds = 10
    var perMinute = 12
    var textBytes = 150
    var seed: UInt64 = 1

    init(_ arguments: [String]) throws(LoadFault) {
        var file: String?
        var rest = arguments[...]
        links = []
        while let argument = rest.popFirst() {
            switch argument {
            case "--seconds": seconds = try Self.number(argument, rest.popFirst(), 1...86_400)
            case "--per-minute": perMinute = try Self.number(argument, rest.popFirst(), 0...300)
            case "--text-bytes": textBytes = try Self.number(argument, rest.popFirst(), 1...4_000)
            case "--seed": seed = UInt64(try Self.number(argument, rest.popFirst(), 0...1_000_000_000))
            default:
                guard !argument.hasPrefix("-") else {
                    throw .usage("there is no option \(argument); --help lists those that there are")
                }
                guard file == nil else { throw .usage("one file of links, please, not \(argument) as well") }
                file = argument
            }
        }
        guard let file else { throw .usage("which file of links? `plenary ticket --people` writes one") }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw .data("\(file) cannot be read")
        }
        links = try JoinLink.all(in: String(decoding: data, as: UTF8.self), file: file)
    }

    private static func number(
        _ option: String,
        _ text: String?,
        _ range: ClosedRange<Int>
    ) throws(LoadFault) -> Int {
        guard let text, let number = Int(text), range.contains(number) else {
            throw .usage("\(option) takes a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

/// Why nothing could be played.
enum LoadFault: Error {
    case usage(String)
    case data(String)
    case unreachable(String)

    var exitCode: Int32 {
        switch self {
        case .usage: 64
        case .data: 65
        case .unreachable: 69
        }
    }

    var sentence: String {
        switch self {
        case .usage(let text), .data(let text), .unreachable(let text): text
        }
    }
}
