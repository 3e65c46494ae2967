import Foundation
import SessionProtocol
import Sessions
import Testing

/// What stands in the first cell of each row of the tables under a heading, without back quotes.
private func rows(under heading: String, of document: String) -> [String] {
    let lines = document.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0 == heading }) else { return [] }
    return lines[(start + 1)...].prefix { !$0.hasPrefix("#") }.filter { $0.hasPrefix("| ") }.dropFirst(2)
        .map { line in
            line.dropFirst(2).prefix { $0 != "|" }.filter { $0 != "`" && $0 != " " }
        }
}

/// The permission table as `Protocol/permissions.md` shows it.
private func permissionTable() -> String {
    CommandKind.allCases.map { kind in
        let rule = Permissions.rule(for: kind)
        let phases = rule.phases.map { String($0.wireName.utf8) }.joined(separator: ", ")
        return "| `\(kind.rawValue)` | \(rule.right.rawValue) | \(phases) |\n"
    }.joined()
}

private let permissionHead = """
    # Permissions

    Who may give which command, and in which phases of a session. A test prints this table from `Permissions` in
    `Sources/Sessions` and compares; `PROTOCOL=write swift test --filter Documents` writes it anew.

    *everybody*: every seat. *writers*: all but observers. *eligible*: whoever may lead: host, co-hosts, and whom the host put in
    the succession. *owner*: whose ticket says `host`. *hosting*: host and co-hosts. *host*: the host alone. `session.join` is for
    whoever has a ticket and was not removed.

    The table is asked first; then each command has conditions of its own, which `codes.md` names. Those about persons:

    - An offer of the host role is accepted and declined by whom it was made to.
    - The host is muted and removed by nobody, a co-host by the host alone.
    - One's own hand and label are everybody's to change, those of others a host's.
    - Others than hosts write once the session is live, and enter rooms in the mode `choose` alone.
    - Who is muted writes to hosts alone, a co-host too; so does everybody but hosts while the chat is locked. The host is never
      held by having been muted, and may lift it.
    - A message is edited by its author, and deleted by its author or by a host who may read it.
    - A request for help is claimed by a host, resolved by a host or by who asked, and withdrawn by who asked.
    - Stepping in is ended by who did, or by the host.

    | command | who | phases |
    | --- | --- | --- |

    """

struct DocumentsTests {
    @Test func `codes lists exactly the codes of refusals, each once`() throws {
        let listed = rows(under: "## Refusals", of: try ProtocolFolder.text(of: "codes.md"))
        #expect(listed == RefusalCode.allCases.map(\.rawValue))
    }

    @Test func `codes lists every close code that the protocol has`() throws {
        let listed = rows(under: "## Close codes", of: try ProtocolFolder.text(of: "codes.md"))
        let codes = [
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1013, 4401, 4408, 4410, 4413, 4429, 4500, 4501,
            4503, 4504, 4509,
        ]
        #expect(listed == codes.map(String.init))
    }

    @Test func `permissions is the table that decide asks`() throws {
        let table = permissionHead + permissionTable()
        if ProtocolFolder.isToBeWritten {
            try ProtocolFolder.write(Array(table.utf8), to: "permissions.md")
        }
        #expect(try ProtocolFolder.text(of: "permissions.md") == table)
    }

    @Test func `every message in the guided tour is a golden message`() throws {
        let golden = Set(
            try ProtocolFolder.messages().map { name, bytes in
                "\(name.prefix(3)) \(String(decoding: bytes, as: UTF8.self))"
            }
        )
        let shown = try ProtocolFolder.text(of: "README.md").split(separator: "\n").filter {
            $0.hasPrefix("→ ") || $0.hasPrefix("← ")
        }
        #expect(shown.count > 20)
        for line in shown {
            let kinds = line.hasPrefix("→ ") ? ["com"] : ["rep", "pus", "not", "err"]
            let isGolden = kinds.contains { golden.contains("\($0) \(line.dropFirst(2))") }
            #expect(isGolden, "\(line)")
        }
    }

    @Test func `every file that the guided tour names is there`() throws {
        let text = try ProtocolFolder.text(of: "README.md")
        let links = text.matches(of: /\]\(([^)#]+)\)/).map { String($0.output.1) }
        #expect(links.count > 4)
        for link in links where !link.contains("://") {
            #expect(ProtocolFolder.has(link), "\(link)")
        }
    }
}
