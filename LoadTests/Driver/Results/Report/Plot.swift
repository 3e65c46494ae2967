/// A plot as data: lines over a level axis that runs from 0 to 1.
struct Plot {
    struct Line {
        /// How a line looks, also without colour.
        enum Style: String {
            case strong
            case plain
            case faint
        }

        let name: String
        let style: Style
        /// One for each of the plot's places; nil where there is nothing, which leaves a gap.
        let values: [Double?]
        /// The lowest values, where a point stands for a range; drawn as a band below the line, or where a filled
        /// line's ground ends.
        var lows: [Double?]?
        var isFilled = false
    }

    struct Tick {
        let place: Double
        let text: String
        /// Left out on a narrow screen.
        var isMinor = false
    }

    enum Size: String {
        case small
        case plain
        /// As wide as the page.
        case wide
    }

    /// A level line that the values are held against.
    struct Limit {
        let value: Double
        let text: String
    }

    /// Something that happened, as an upright line with its number.
    struct Sign {
        let place: Double
        let number: Int
        let text: String
    }

    let id: String
    let title: String
    /// A sentence under the title: the peak, or what the lines are.
    let about: String
    let unit: MeasureWords.Unit
    /// From 0 to 1, rising.
    let places: [Double]
    /// What stands for each place in the table, under `placeName`.
    let placeNames: [String]
    let placeName: String
    let lines: [Line]
    let ticks: [Tick]
    let axis: ValueAxis
    var limit: Limit?
    var signs: [Sign] = []
    var size = Size.plain
}

extension Plot {
    /// Everything that the plot shows, in rows.
    var table: Markup {
        let head = lines.flatMap { $0.lows == nil ? [$0.name] : ["\($0.name), most", "\($0.name), least"] }
        let columns = lines.flatMap { line in [line.values] + (line.lows.map { [$0] } ?? []) }
        let rows = placeNames.enumerated().map { index, name in
            [name] + columns.map { $0[index].map(unit.text) ?? "–" }
        }
        return .table(caption: "\(title): the figures", head: [placeName] + head, rows: rows)
    }
}
