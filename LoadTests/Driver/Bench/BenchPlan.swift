import Foundation
import Tickets
import Transport

/// What `plenary-load bench` is to measure, on which server.
struct BenchPlan {
    var address = PeerAddress(ipv4: 0x7F00_0001, port: 8_080)
    var dialect = BenchDialect.plenary
    /// The process whose CPU and memory are read; nil: none.
    var server: Int32?
    /// Where Plenary serves its metrics without a ticket, for the number of its writes.
    var metrics: PeerAddress?
    /// Signs the tickets; needed for Plenary alone.
    var secret: Secret?
    var rooms = 1
    var members = 1_000
    /// How many of the members are devices of one person: a session takes fewer people than connections.
    var devices = 1
    var talkers = 10
    /// Messages of one talker that are on their way at a time.
    var depth = 1
    var seconds = 5.0
    var warmUpSeconds = 2.0
    var textBytes = 150
    /// Messages a second of all rooms together, when they are said at a pace.
    var rate = 100.0
    /// The number of the first room; the people of rooms with other numbers are others.
    var firstRoom = 0
    var what = What.saturation

    /// The kinds of runs.
    enum What: String, CaseIterable {
        /// Everybody talks as fast as they hear themselves; then, at half that rate, how long it takes.
        case saturation
        /// Everybody joins and says nothing: memory, and the cost of coming in.
        case idle
        /// The server is killed and started again by somebody else; everybody comes back.
        case resume
        /// So many messages a second, whatever the server can do: what that costs, and how long each acknowledgement takes.
        case pace
    }

    static let usage = """
        plenary-load bench --server-address ADDRESS:PORT [--dialect plenary|bare] [--what saturation|idle|resume|pace]
            [--secret-file FILE] [--server-pid PID] [--metrics ADDRESS:PORT] [--rooms N] [--first-room N] [--members N]
            [--devices N] [--talkers N] [--depth N] [--rate N] [--seconds N] [--warm-up N]

        Measures one server once and prints one JSON object. `make bench` and `make bench-growth` call it, see
        LoadTests/README.md. Exit codes: 0, 64 usage, 65 a bad file, 69 the server cannot be reached or lost something.
        """

    /// Talkers sit among the others of their room, not all at the beginning; the host is one of them.
    var seatsOfTalkers: Set<Int> {
        Set(stride(from: 0, to: members, by: members / talkers).prefix(talkers))
    }

    /// The members who talk, those of one room apart from each other.
    func talkers(of count: Int) -> [Int] {
        seatsOfTalkers.sorted().flatMap { seat in stride(from: seat, to: count, by: members) }
    }

    init(_ arguments: [String]) throws(LoadFault) {
        var rest = arguments[...]
        while let option = rest.popFirst() {
            guard let text = rest.popFirst() else { throw .usage("\(option) needs a value, see --help") }
            try set(option, text)
        }
        guard dialect == .bare || secret != nil else { throw .usage("tickets need a --secret-file") }
        guard dialect == .plenary || what != .resume else {
            throw .usage("a bare room knows nobody who comes back")
        }
        guard dialect == .plenary || what != .pace else { throw .usage("a bare room acknowledges nothing") }
        guard talkers <= members else { throw .usage("more --talkers than --members") }
    }

    private mutating func set(_ option: String, _ text: String) throws(LoadFault) {
        switch option {
        case "--server-address": address = try Self.value(option, text, PeerAddress(text: text))
        case "--metrics": metrics = try Self.value(option, text, PeerAddress(text: text))
        case "--dialect": dialect = try Self.value(option, text, BenchDialect(rawValue: text))
        case "--what": what = try Self.value(option, text, What(rawValue: text))
        case "--server-pid": server = try Self.value(option, text, Int32(text))
        case "--secret-file": secret = try Self.secret(text)
        case "--rooms": rooms = try Self.number(option, text, 1...20_000)
        case "--first-room": firstRoom = try Self.number(option, text, 0...20_000)
        case "--rate": rate = try Self.rate(option, text)
        case "--devices": devices = try Self.number(option, text, 1...8)
        case "--members": members = try Self.number(option, text, 1...20_000)
        case "--talkers": talkers = try Self.number(option, text, 1...1_000)
        case "--depth": depth = try Self.number(option, text, 1...1_000)
        case "--seconds": seconds = try Self.value(option, text, Double(text))
        case "--warm-up": warmUpSeconds = try Self.value(option, text, Double(text))
        default: throw .usage("there is no option \(option); --help lists those that there are")
        }
    }

    private static func secret(_ file: String) throws(LoadFault) -> Secret {
        guard var bytes = FileManager.default.contents(atPath: file).map(Array.init) else {
            throw .data("\(file) cannot be read")
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        guard let secret = Secret(bytes) else { throw .data("\(file) is too short for a secret") }
        return secret
    }

    private static func rate(_ option: String, _ text: String) throws(LoadFault) -> Double {
        try value(option, text, Double(text).flatMap { $0 > 0 && $0 <= 1_000_000 ? $0 : nil })
    }

    private static func number(
        _ option: String,
        _ text: String,
        _ range: ClosedRange<Int>
    ) throws(LoadFault) -> Int {
        try value(option, text, Int(text).flatMap { range.contains($0) ? $0 : nil })
    }

    private static func value<Value>(
        _ option: String,
        _ text: String,
        _ value: Value?
    ) throws(LoadFault) -> Value {
        guard let value else { throw .usage("\(option) cannot be \(text), see --help") }
        return value
    }
}
