/// What came of it, in words and numbers.
struct Verdict {
    var violations: [String] = []
    let text: String

    init(people: [VirtualParticipant], seconds: Int) {
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
        if violations.count > 20 { lines.append("  and \(violations.count - 20) more") }
        text = lines.joined(separator: "\n")
    }

    /// The smallest value that so many percent do not exceed; `values` rise.
    private static func percentile(_ percent: Int, of values: [Int]) -> Int {
        values[max(0, (values.count * percent + 99) / 100 - 1)]
    }
}
