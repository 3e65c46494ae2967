import Sessions

@testable import plenary_load

/// A session that a test makes up: what the server would push, and who would hear it.
final class Hall {
    static let start: Int64 = 1_790_000_000_000

    let ledger = Ledger(session: "hall")
    private(set) var hearings: [String: Hearing] = [:]
    /// The number of the whole state that everybody began with.
    let first = 10
    private(set) var newest = 10
    private let people: [String]

    /// The first of these is the host, all others are participants.
    init(_ people: [String]) {
        self.people = people
        var account = Account()
        for (index, person) in people.enumerated() {
            let number = ledger.number(person)
            account.rooms[number] = .main
            account.roles[number] = index == 0 ? "host" : "participant"
        }
        account.host = 0
        ledger.open(account, at: first)
        for person in people { join(person) }
    }

    /// Rule and person of each violation.
    var violations: [String] { ledger.violations.map { "\($0.rule) \($0.person ?? "")" } }

    func join(_ person: String) {
        hearings[person] = ledger.begin(person: ledger.number(person), from: newest)
    }

    func say(_ person: String, count: Int, due: Int64) {
        ledger.expect(.init(person: ledger.number(person), count: count), due: due)
    }

    /// The next push; `at` is milliseconds after the start.
    func push(_ name: String, _ fields: String, at: Int64 = 0) -> (seq: Int, bytes: [UInt8]) {
        newest += 1
        return (
            newest, Array(#"{"seq":\#(newest),"at":\#(Self.start + at),"on":"\#(name)",\#(fields)}"#.utf8)
        )
    }

    func chat(_ from: String, _ room: String, _ text: String) -> (seq: Int, bytes: [UInt8]) {
        push("chat.sent", #""message":\#(newest + 1),"room":"\#(room)","from":"\#(from)","text":"\#(text)""#)
    }

    /// A round of a minute.
    func opened(_ placed: [String: String]) -> (seq: Int, bytes: [UInt8]) {
        let rooms = Set(placed.values).sorted().map { #"{"room":"\#($0)"}"# }.joined(separator: ",")
        let placements = placed.map { #"{"person":"\#($0)","room":"\#($1)"}"# }.joined(separator: ",")
        return push(
            "breakouts.opened",
            #""round":1,"mode":"manual","rooms":[\#(rooms)],"placements":[\#(placements)],"closesAt":\#(Self.start + 60_000)"#
        )
    }

    func closed(_ people: [String], at: Int64) -> (seq: Int, bytes: [UInt8]) {
        let placements = people.map { #"{"person":"\#($0)","room":"main"}"# }.joined(separator: ",")
        return push("breakouts.closed", #""placements":[\#(placements)],"by":null"#, at: at)
    }

    /// These hear it, or everybody.
    func hear(_ push: (seq: Int, bytes: [UInt8]), by persons: [String]? = nil) {
        for person in persons ?? hearings.keys.sorted() {
            guard let hearing = hearings[person], hearing.hear(push.seq) else { continue }
            _ = ledger.hear(push.bytes, seq: push.seq, on: hearing)
        }
    }
}
