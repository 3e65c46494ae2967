import Foundation
import PlenaryServer
import Testing

/// The tables of options as the README shows them, one for each section of the help and one for each of two commands.
private func optionTables() -> String {
    let own: [(title: String, command: Subcommand)] = [("Tickets", .ticket), ("Replay", .replay)]
    var tables = table(
        of: Option.all.filter { option in
            option.group == .main && !own.contains { option.commands == [$0.command] }
        }
    )
    for (title, command) in own {
        tables += "\n### \(title)\n\n" + table(of: Option.all.filter { $0.commands == [command] })
    }
    for group in Option.Group.allCases where group != .main {
        tables += "\n### \(group.rawValue)\n\n" + table(of: Option.all.filter { $0.group == group })
    }
    return tables
}

private func table(of options: [Option]) -> String {
    let head = "| option | of | default | what |\n| --- | --- | --- | --- |\n"
    return options.reduce(into: head) { table, option in
        let flag = "--" + option.name + (option.placeholder.map { " " + $0 } ?? "")
        // `check` takes what `serve` takes, which is said above the tables.
        let commands = Subcommand.allCases.filter { $0 != .check && option.commands.contains($0) }.map(
            \.rawValue
        )
        let start = option.effect == .atStart && option.commands.contains(.serve) ? " (start)" : ""
        let help = option.help + (option.isRepeatable ? "; may be repeated" : "") + start
        let cells = ["`\(flag)`", commands.joined(separator: ", "), option.shownDefault ?? "", help]
        table += "| " + cells.joined(separator: " | ") + " |\n"
    }
}

struct OptionTableTests {
    private let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private var url: URL { root.appending(path: "README.md") }

    @Test func `the README's options are those of the help; README=write puts them there`() throws {
        let readme = try String(contentsOf: url, encoding: .utf8)
        let begin = try #require(readme.range(of: "<!-- options -->\n\n"))
        let end = try #require(readme.range(of: "\n<!-- end of options -->"))
        if ProcessInfo.processInfo.environment["README"] == "write" {
            let written = readme[..<begin.upperBound] + optionTables() + readme[end.lowerBound...]
            try Data(written.utf8).write(to: url)
        } else {
            #expect(readme[begin.upperBound..<end.lowerBound] == optionTables())
        }
    }

    @Test func `each option stands in one of the tables, with its default`() {
        let rows = optionTables().split(separator: "\n").filter { $0.hasPrefix("| `--") }
        #expect(rows.count == Option.all.count)
        #expect(
            rows.contains { $0.hasPrefix("| `--listen ADDRESS:PORT` | serve, demo, echo | 127.0.0.1:8080 |") }
        )
        #expect(rows.contains { $0.hasPrefix("| `--limit-loopback` | serve, demo |  |") })
    }

    @Test func `operators are told which options wait for a start`() throws {
        let page = try String(contentsOf: root.appending(path: "Protocol/operations.md"), encoding: .utf8)
        let begin = try #require(page.range(of: "- **What waits for a start**"))
        let list = try #require(page[begin.upperBound...].firstRange(of: "and whether there is TLS"))
        let told = page[begin.upperBound..<list.lowerBound].matches(of: /`--([a-z-]+)`/).map {
            String($0.output.1)
        }
        let waiting = Option.all.filter { $0.effect == .atStart && $0.commands.contains(.serve) }
        #expect(told.sorted() == waiting.map(\.name).sorted())
        let presence = Option.all.filter { $0.effect == .presenceAtStart && $0.commands.contains(.serve) }
        #expect(presence.map(\.name) == ["tls-cert", "tls-key"])
    }
}
