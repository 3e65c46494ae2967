import Foundation

/// The upright axis of a plot: from which value to which, and where its lines are.
struct ValueAxis: Equatable {
    /// Rising; the first is the lower end and the last the upper.
    let ticks: [Double]
    let isLogarithmic: Bool

    /// A larger range than this is shown by powers of ten, where that is asked for.
    private static let logarithmicFrom = 30.0

    /// An axis for these values; a linear one begins at 0.
    init(values: [Double], mayBeLogarithmic: Bool) {
        let values = values.filter { $0.isFinite && $0 >= 0 }
        let top = values.max() ?? 0
        let positive = values.filter { $0 > 0 }
        // What is below a thousandth of the unit is nothing.
        let bottom = max(positive.min() ?? top, 0.001)
        isLogarithmic = mayBeLogarithmic && top / bottom >= Self.logarithmicFrom
        ticks = isLogarithmic ? Self.powers(from: bottom, to: top) : Self.steps(to: top)
    }

    /// From 0 at the foot to 1 at the top; what lies outside is at the end.
    func position(_ value: Double) -> Double {
        guard let low = ticks.first, let high = ticks.last, high > low else { return 0 }
        guard isLogarithmic else { return min(1, max(0, (value - low) / (high - low))) }
        let (from, to) = (log10(low), log10(high))
        return min(1, max(0, (log10(max(value, low)) - from) / (to - from)))
    }

    /// At most six powers of ten apart evenly.
    private static func powers(from bottom: Double, to top: Double) -> [Double] {
        let from = Int(log10(bottom).rounded(.down))
        let to = max(from + 1, Int((log10(top) - 1e-9).rounded(.up)))
        let step = (to - from + 5) / 6
        let upper = from + (to - from + step - 1) / step * step
        return stride(from: from, through: upper, by: step).map { pow(10, Double($0)) }
    }

    /// Three to six steps of 1, 2 or 5 times a power of ten.
    private static func steps(to top: Double) -> [Double] {
        guard top > 0 else { return [0, 1] }
        let power = pow(10, (log10(top / 4) + 1e-9).rounded(.down))
        let step = [1, 2, 5, 10].map { $0 * power }.first { top / $0 <= 5 } ?? top
        let count = Int((top / step - 1e-9).rounded(.up))
        return (0...max(1, count)).map { Double($0) * step }
    }
}

/// The moments at which the level axis of a plot over time is labelled.
enum TimeAxis {
    private static let steps: [Double] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400,
    ]

    /// At most nine, in seconds, within a run of so many.
    static func ticks(span: Double) -> [Double] {
        guard span > 0, span.isFinite else { return [0] }
        let step = steps.first { span / $0 <= 8 } ?? (span / 8).rounded(.up)
        return Array(stride(from: 0, through: span, by: step))
    }
}
