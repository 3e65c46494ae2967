import Foundation

/// `plenary-load report`: makes the page anew from a kept result, and compares it with an older one.
enum ReportCommand {
    static let usage = """
        plenary-load report RESULT.json [--compare OLD.json] [--out FILE.html]

        Makes the report of a run anew. With --compare, an older run stands beside it, in the page and on standard
        output. Without --out the page is report.html beside RESULT.json.

        Exit codes: 0 written, 64 usage, 65 a bad result, 73 the page cannot be written.
        """

    /// Runs with the arguments after `report` and answers the exit code.
    static func run(_ arguments: [String]) -> Int32 {
        if arguments.contains("--help") {
            say(usage)
            return 0
        }
        let paths: Paths
        switch self.paths(arguments) {
        case .success(let found): paths = found
        case .failure(let fault):
            complain(fault.sentence)
            return 64
        }
        let (result, old): (RunResult, RunResult?)
        do throws(ResultFault) {
            result = try ResultFile.read(paths.result)
            old = if let path = paths.old { try ResultFile.read(path) } else { nil }
        } catch {
            complain(error.sentence)
            return 65
        }
        do throws(ResultFault) {
            try ResultFile.write(Data(Report.page(result, comparedWith: old).utf8), to: paths.page)
        } catch {
            complain(error.sentence)
            return 73
        }
        if let old { say(Comparison(of: result, with: old).text + "\n") }
        say("Written: \(paths.page)")
        return 0
    }

    private static func say(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    }

    private static func complain(_ sentence: String) {
        try? FileHandle.standardError.write(contentsOf: Data("plenary-load: \(sentence)\n".utf8))
    }

    private struct Paths {
        var result: String
        var old: String?
        var page: String
    }

    private static func paths(_ arguments: [String]) -> Result<Paths, ResultFault> {
        var rest = arguments[...]
        var (file, old, page): (String?, String?, String?)
        while let argument = rest.popFirst() {
            switch argument {
            case "--compare", "--out":
                guard let path = rest.popFirst() else {
                    return .failure(ResultFault(sentence: "\(argument) takes a file's path"))
                }
                if argument == "--out" { page = path } else { old = path }
            default:
                guard !argument.hasPrefix("-") else {
                    let words = "there is no option \(argument); report --help lists those that there are"
                    return .failure(ResultFault(sentence: words))
                }
                guard file == nil else {
                    return .failure(ResultFault(sentence: "one result, please, not \(argument) as well"))
                }
                file = argument
            }
        }
        guard let file else {
            return .failure(ResultFault(sentence: "which result? A run with --out wrote a result.json"))
        }
        let beside = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent(
            Report.name
        )
        return .success(Paths(result: file, old: old, page: page ?? beside.relativePath))
    }
}
