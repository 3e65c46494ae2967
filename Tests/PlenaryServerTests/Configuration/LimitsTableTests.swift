import Foundation
import SessionEngine
import SessionProtocol
import Sessions
import Testing
import Tickets
import Transport

@testable import PlenaryServer

/// `Protocol/limits.md` against the options, the metrics and the tests that it names.
struct LimitsTableTests {
    private let rows: [LimitRow]

    init() throws {
        rows = try LimitRow.all()
        try #require(rows.count > 60)
    }

    @Test func `each option about limits, times and rules has one row, and its default stands there`() {
        let options = Option.all.filter { $0.group != .main }
        #expect(rows.compactMap(\.option).sorted() == options.map(\.name).sorted())
        for option in options {
            #expect(
                rows.filter { $0.option == option.name }.map(\.value) == [option.shownDefault ?? "off"],
                "\(option.name)"
            )
        }
    }

    @Test func `whatever has no option says why, and what it is in the source`() {
        for row in rows where row.option == nil {
            #expect(row.chosenBy.wholeMatch(of: /fixed( \(`[\w.]+`\))?: .+/) != nil, "\(row.chosenBy)")
            guard let constant = row.constant else { continue }
            #expect(fixed[constant] == row.value, "\(constant)")
        }
        #expect(Set(rows.compactMap(\.constant)) == Set(fixed.keys))
    }

    @Test func `each limit is counted in metrics that there are, or says why it counts nothing`() {
        let page = Metrics().text(
            loops: [LoopMetrics()],
            queues: [QueueDepth(name: "engine", bytes: 0)],
            process: ProcessUsage(cpuSeconds: 0, residentBytes: 0)
        )
        // A series by its name with labels, or a family by its name alone.
        let lines = page.split(separator: "\n")
        let series = Set(
            lines.flatMap { line in [line.prefix { $0 != " " }, line.prefix { $0 != " " && $0 != "{" }] }
        )
        for row in rows {
            let named = row.counted.matches(of: /`([^`]+)`/).map(\.output.1)
            #expect(!named.isEmpty || row.counted.hasPrefix("nothing: "), "\(row.limit)")
            #expect(named.filter { !series.contains($0) } == [], "\(row.limit)")
        }
    }

    @Test func `each limit is tested, by tests that there are`() throws {
        let tests = try TestFiles()
        for row in rows {
            let named = row.tested.matches(of: /`([^`]+\.(?:swift|py))`: `([^`]+)`/)
            #expect(!named.isEmpty, "\(row.limit)")
            // Nothing else is quoted, so nothing escapes for want of the right form.
            #expect(row.tested.count { $0 == "`" } == named.count * 4, "\(row.tested)")
            for match in named {
                let (_, file, test) = match.output
                #expect(tests.hold(String(test), in: String(file)), "\(file): \(test)")
            }
        }
    }

    /// What no option sets, as the table shows it.
    private let fixed: [String: String] = [
        "JSONLimits.maxDepth": "\(JSONLimits.maxDepth)",
        "JSONLimits.maxMembers": "\(JSONLimits.maxMembers)",
        "TextRules.maxMarksInARow": "\(TextRules.maxMarksInARow)",
        "WireBounds.idBytes": "\(WireBounds.idBytes)",
        "TicketClaims.nameRules": "\(TicketClaims.nameRules.maxBytes)",
        "TicketClaims.placeRules": "\(TicketClaims.placeRules.maxBytes)",
        "StateBounds.chatIntervalMilliseconds": "\(StateBounds.chatIntervalMilliseconds) ms",
        "StateBounds.intervalsPerSeat": "\(StateBounds.intervalsPerSeat)",
        "StateBounds.staysPerSeat": "\(StateBounds.staysPerSeat)",
        "StateBounds.editsPerKind": "\(StateBounds.editsPerKind)",
        "WireBounds.reactionPeople": "\(WireBounds.reactionPeople)",
        "WireBounds.readableRooms": "\(WireBounds.readableRooms)",
        "TransportLimits.maxTurnedAwayAtOnce": "\(TransportLimits().maxTurnedAwayAtOnce)",
        "SessionsLimits.historyTextBytes": Quantity.shown(bytes: SessionsLimits().historyTextBytes),
        "SessionsLimits.slowestSeconds": "\(SessionsLimits().slowestSeconds)",
        "SessionsLimits.mixPeople": "\(SessionsLimits().mixPeople)",
        "SessionsLimits.mixRooms": "\(SessionsLimits().mixRooms)",
        "StateBounds.keysPerSeat": "\(StateBounds.keysPerSeat)",
        "StateBounds.messages": "\(StateBounds.messages)",
        "StateBounds.messageTextBytes": Quantity.shown(bytes: StateBounds.messageTextBytes),
        "StateBounds.backlogEvents": "\(StateBounds.backlogEvents)",
        "StateBounds.backlogBytes": Quantity.shown(bytes: StateBounds.backlogBytes),
        "SessionsLimits.peopleBytes": Quantity.shown(bytes: SessionsLimits().peopleBytes),
        "SessionsLimits.roundTextBytes": Quantity.shown(bytes: SessionsLimits().roundTextBytes),
        "SessionsLimits.roundSeconds": "\(SessionsLimits().roundSeconds)",
        "SessionsLimits.historyMessages": "\(SessionsLimits().historyMessages)",
        "SessionsLimits.reactionsPerMessage": "\(SessionsLimits().reactionsPerMessage)",
        "SessionsLimits.reactionsPerSession": "\(SessionsLimits().reactionsPerSession)",
        "SessionsLimits.helpRequests": "\(SessionsLimits().helpRequests)",
        "SessionsLimits.claimsPerSeat": "\(SessionsLimits().claimsPerSeat)",
        "SessionsLimits.marksPerSeat": "\(SessionsLimits().marksPerSeat)",
        "SessionsLimits.marksPerSession": "\(SessionsLimits().marksPerSession)",
        "SessionsLimits.togetherMilliseconds": "\(SessionsLimits().togetherMilliseconds) ms",
        "EngineLimits.noticesPerSecond": "\(EngineLimits().noticesPerSecond)",
        "SessionsLimits.floorSeconds": "\(SessionsLimits().floorSeconds)",
    ]
}

/// A row of one of the tables in `Protocol/limits.md`.
private struct LimitRow {
    var limit: String
    var chosenBy: String
    var value: String
    var counted: String
    var tested: String

    /// The option's name, without `--`.
    var option: String? {
        chosenBy.wholeMatch(of: /`--([a-z-]+)`/).map { String($0.output.1) }
    }

    /// Where a limit without an option stands in the source.
    var constant: String? {
        chosenBy.firstMatch(of: /^fixed \(`([\w.]+)`\)/).map { String($0.output.1) }
    }

    static func all() throws -> [LimitRow] {
        let page = try String(contentsOf: root.appending(path: "Protocol/limits.md"), encoding: .utf8)
        return try page.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| ---") }
            .map { line in
                line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
                    .map { $0.trimmingCharacters(in: .whitespaces) }
            }
            .filter { $0.first != "limit" }
            .map { cells in
                try #require(cells.count == 6, "\(cells)")
                try #require(!cells.contains(""), "\(cells)")
                return LimitRow(
                    limit: cells[0],
                    chosenBy: cells[1],
                    value: cells[2],
                    counted: cells[4],
                    tested: cells[5]
                )
            }
    }
}

/// The text of all tests, by their files' names.
private struct TestFiles {
    private var texts: [String: String] = [:]

    init() throws {
        let folder = root.appending(path: "Tests")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        for case let file as URL in files where ["swift", "py"].contains(file.pathExtension) {
            texts[file.lastPathComponent, default: ""] += try String(contentsOf: file, encoding: .utf8)
        }
    }

    /// Whether a file has a test of this name.
    func hold(_ test: String, in file: String) -> Bool {
        let function = file.hasSuffix(".py") ? "\ndef \(test)(" : "func `\(test)`("
        return texts[file]?.contains(function) ?? false
    }
}

private let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
