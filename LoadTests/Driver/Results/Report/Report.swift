/// `report.html`: one page that shows what a run came to, and needs nothing beside itself.
///
/// No script, no font, no picture from elsewhere; the page forbids itself to fetch anything.
enum Report {
    static let name = "report.html"

    private static let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

    /// The page's text.
    static func page(_ result: RunResult, comparedWith old: RunResult? = nil) -> String {
        let title =
            "\(result.verdict.kind.word): \(result.scenario.name), \(Figure.moment(result.startedAtMs))"
        let head: [Markup] = [
            Markup("meta", ["charset": "utf-8"], []),
            Markup("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"], []),
            Markup("meta", ["name": "color-scheme", "content": "light dark"], []),
            Markup("meta", ["http-equiv": "Content-Security-Policy", "content": policy], []),
            // Else a browser asks the server that the file lies on for one.
            Markup("link", ["rel": "icon", "href": "data:,"], []),
            Markup("title", text: title),
            .style(reportStyle),
        ]
        let outcome = Outcome(result)
        var main = [outcome.keyFigures, outcome.played, outcome.thresholds, outcome.violations]
        if let old { main.append(Comparison(of: result, with: old).section) }
        main += [
            OverTime(result).section, latencies(result.latencies), outcome.driver, outcome.counts,
            outcome.remarks,
        ]
        let page = Markup(
            "html",
            ["lang": "en-GB"],
            [
                Markup("head", head),
                Markup("body", [outcome.header, Markup("main", main), Markup("footer", [footer])]),
            ]
        )
        return "<!DOCTYPE html>\n" + page.source
    }

    private static var footer: Markup {
        let words =
            "Times are milliseconds unless said otherwise; percentiles are exact to two in a hundred. "
            + "A latency counts from when something was due, not from when it was sent."
        return Markup("p", text: words)
    }
}

extension Report {
    /// Every latency from its half to its worst, as a table and as plots on one scale.
    static func latencies(_ latencies: [RunResult.Latency]) -> Markup {
        let measured = latencies.filter { $0.count > 0 }
        guard !measured.isEmpty else {
            return .section("Latencies", id: "latencies", [Markup("p", text: "No latency was measured.")])
        }
        let percentiles = RunResult.Latency.percentiles
        let rows = measured.map { latency -> [[Markup]] in
            [
                [Markup(latency.name)], [Markup(Figure.count(latency.count))],
                [Markup(Figure.number(latency.meanMs))],
            ]
                + percentiles.map { [Markup(Figure.number(latency[keyPath: $0.value]))] }
        }
        let head = ["Latency", "Count", "Mean"] + percentiles.map(\.label)
        let table = Markup.table(caption: "Latencies in milliseconds", head: head, cells: rows)
        let values = measured.flatMap { latency in percentiles.map { latency[keyPath: $0.value] } }
        let axis = ValueAxis(values: values, mayBeLogarithmic: true)
        let intro = Markup(
            "p",
            text: "p99 is the time that 99 of 100 did not exceed. All plots have the same scale"
                + (axis.isLogarithmic ? ", by powers of ten." : ".")
        )
        let plots = Markup("div", ["class": "plots three"], measured.map { plot($0, axis).markup })
        return .section("Latencies", id: "latencies", [intro, table, plots])
    }

    private static func plot(_ latency: RunResult.Latency, _ axis: ValueAxis) -> Plot {
        let percentiles = RunResult.Latency.percentiles
        let places = percentiles.indices.map { Double($0) / Double(percentiles.count - 1) }
        return Plot(
            id: "latency-\(latency.name)",
            title: latency.name.prefix(1).uppercased() + latency.name.dropFirst(),
            about: latency.meaning,
            unit: .milliseconds,
            places: places,
            placeNames: percentiles.map(\.label),
            placeName: "Percentile",
            lines: [
                .init(
                    name: latency.name,
                    style: .strong,
                    values: percentiles.map { latency[keyPath: $0.value] },
                    isFilled: true
                )
            ],
            ticks: zip(places, percentiles).map { .init(place: $0, text: $1.label) },
            axis: axis,
            size: .small
        )
    }
}

extension Comparison {
    /// For the report.
    fileprivate var section: Markup {
        var content = [
            Markup("p", text: "Beside the run of \(Figure.moment(before)). \(Self.caution)")
        ]
        if !warnings.isEmpty {
            let items = warnings.map { Markup("li", text: $0) }
            content.append(Markup("ul", ["class": "warnings"], items))
        }
        let tables = groups.map { group in
            let rows = group.rows.map { [$0.name, $0.beforeText, $0.nowText, $0.change] }
            return Markup.table(
                caption: "\(group.title), before and now",
                head: ["Figure", "Before", "Now", "Change"],
                rows: rows
            )
        }
        content.append(Markup("div", ["class": "tables"], tables))
        return .section("Compared with an older run", id: "comparison", content)
    }
}
