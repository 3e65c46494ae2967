/// What came of it, in words and numbers.
struct Verdict {
    var violations: [String] = []
    let text: String
    /// The driver could not keep its own times: what it measured says nothing about the server.
    let isInvalid: Bool

    /// A lag of the driver's that is still believed, in milliseconds; the 99th percentile is held against it.
    private static let lagAllowed = 100

    init(people: [VirtualParticipant], lags: [Int], seconds: Int) {
        let lag = lags.isEmpty ? 0 : Self.percentile(99, of: lags.sorted())
        isInvalid = lag > Self.lagAllowed
        for (index, person) in people.enumerated() {
            violations += person.violations.map { "participant \(index + 1): \($0)" }
        }
        let latencies = people.flatMap(\.latencies).sorted()
        let sent = people.reduce(0) { $0 + $1.sent }
        let pushes = people.reduce(0) { $0 + $1.pushes }
        var lines = [
            violations.isEmpty
                ? "The rules held." : "The rules did not hold: \(violations.count) violations.",
            "\(people.count) people, \(sent) messages, \(pushes) pushes heard in \(seconds) s.",
        ]
        if !latencies.isEmpty {
            let shown = [50, 90, 99, 100].map { "p\($0) \(Self.percentile($0, of: latencies)) ms" }
            lines.append("From when a message was due to hearing it: \(shown.joined(separator: ", ")).")
        }
        lines += violations.prefix(20).map { "  \($0)" }
        if isInvalid {
            lines.insert(
                "This run is invalid: the driver sent its messages up to \(lag) ms late (p99), so it was the bottleneck. "
                    + "Use fewer people, or a faster machine for the driver.",
                at: 0
            )
        }
        if violations.count > 20 { lines.append("  and \(violations.count - 20) more") }
        text = lines.joined(separator: "\n")
    }

    /// The smallest value that so many percent do not exceed; `values` rise.
    private static func percentile(_ percent: Int, of values: [Int]) -> Int {
        values[max(0, (values.count * percent + 99) / 100 - 1)]
    }
}
