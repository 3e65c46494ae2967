/// Makes long runs short enough to draw: neighbours become one point, which keeps their highest and lowest values.
///
/// A spike of one second in an hour is what the reader looks for, so nothing is averaged.
struct Thinning: Equatable {
    /// A plot has at most so many points.
    static let most = 400

    /// How many neighbours become one.
    let width: Int
    private let count: Int

    init(count: Int, most: Int = Thinning.most) {
        self.count = count
        width = max(1, (count + most - 1) / most)
    }

    /// The place of each point's first value.
    var starts: [Int] { Array(stride(from: 0, to: count, by: width)) }

    /// The highest of each group; nil where a group has none.
    func highest(_ values: [Double?]) -> [Double?] { each(values) { $0.max() } }

    /// The lowest of each group; nil where a group has none.
    func lowest(_ values: [Double?]) -> [Double?] { each(values) { $0.min() } }

    private func each(_ values: [Double?], _ chosen: ([Double]) -> Double?) -> [Double?] {
        starts.map { start in chosen(values[start..<min(start + width, values.count)].compactMap { $0 }) }
    }
}
