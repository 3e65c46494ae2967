/// The plots over time: people, rates, latency, and what server and driver needed for it.
struct OverTime {
    private let result: RunResult
    private let thinning: Thinning
    /// Seconds that the level axis shows.
    private let span: Double
    private let places: [Double]
    private let placeNames: [String]

    init(_ result: RunResult) {
        self.result = result
        thinning = Thinning(count: result.timeline.count)
        let span = Double(max(0, result.timeline.last?.at ?? 0) + 1)
        self.span = span
        let starts = thinning.starts.map { result.timeline[$0].at }
        places = starts.map { min(1, max(0, Double($0) / span)) }
        placeNames = starts.map { Figure.clock(Double($0)) }
    }

    var section: Markup {
        guard !result.timeline.isEmpty else {
            return .section(
                "Over time",
                id: "time",
                [Markup("p", text: "The run ended within its first second.")]
            )
        }
        var content: [Markup] = []
        if thinning.width > 1 {
            let words =
                "Each point stands for \(thinning.width) seconds and shows the highest of them; "
                + "what is shaded reaches to the lowest."
            content.append(Markup("p", text: words))
        }
        if !result.marks.isEmpty { content.append(marks) }
        let plots = [people, rates, delivery, serverCPU, serverMemory, driverCPU, driverLag].compactMap {
            $0?.markup
        }
        content.append(Markup("div", ["class": "plots"], plots))
        if serverCPU == nil && serverMemory == nil {
            content.append(
                Markup("p", text: "The server's metrics could not be read: its CPU and memory are not shown.")
            )
        }
        return .section("Over time", id: "time", content)
    }

    private var marks: Markup {
        let items = result.marks.map {
            Markup("li", [Markup("time", text: Figure.clock($0.at)), Markup(" \($0.text)")])
        }
        let title = Markup("h3", ["id": "marks"], text: "What happened to everybody")
        return Markup("div", ["class": "marks"], [title, Markup("ol", items)])
    }

    private var signs: [Plot.Sign] {
        result.marks.enumerated().map { index, mark in
            .init(place: min(1, max(0, mark.at / span)), number: index + 1, text: mark.text)
        }
    }

    private var ticks: [Plot.Tick] {
        TimeAxis.ticks(span: span).enumerated().map { index, at in
            .init(place: at / span, text: Figure.clock(at), isMinor: !index.isMultiple(of: 2))
        }
    }

    // MARK: Plots

    private var people: Plot? {
        let most = result.timeline.map { Double($0.connected) }
        return plot(
            "people",
            "People connected",
            "At most \(peak(most, .number)).",
            .number,
            [range("connected", .strong, most, isFilled: true)]
        )
    }

    private var rates: Plot? {
        let sent = result.timeline.map { Double($0.sent) }
        let heard = result.timeline.map { Double($0.heard) }
        return plot(
            "rates",
            "Messages sent and pushes heard in a second",
            "At most \(peak(sent, .number)) sent and \(peak(heard, .number)) heard.",
            .number,
            [range("heard", .strong, heard), range("sent", .plain, sent)],
            isLogarithmic: true
        )
    }

    private var delivery: Plot? {
        let worst = result.timeline.map(\.maxMs)
        guard worst.contains(where: { $0 != nil }) else { return nil }
        let lines = [
            peaks("max", .faint, worst),
            peaks("p99", .strong, result.timeline.map(\.p99Ms)),
            peaks("p50", .plain, result.timeline.map(\.p50Ms)),
        ]
        return plot(
            "delivery",
            "Delivery latency",
            "Of the messages heard in each second; the worst took \(peak(worst, .milliseconds)).",
            .milliseconds,
            lines,
            isLogarithmic: true,
            limit: threshold(.p99DeliveryMs, "p99 at most"),
            size: .wide
        )
    }

    private var serverCPU: Plot? {
        single("server-cpu", "The server's CPU", "of a core", .share, result.timeline.map(\.serverCPU))
    }

    private var serverMemory: Plot? {
        let values = result.timeline.map(\.serverMemoryMB)
        let limit = threshold(.serverMemoryMB, "at most")
        return single("server-memory", "The server's memory", "", .megabytes, values, limit: limit)
    }

    private var driverCPU: Plot? {
        let values = result.timeline.map(\.driverCPU)
        let allowed = VerdictRules.cpuAllowed
        let limit = Plot.Limit(value: allowed, text: "invalid above \(Figure.percent(allowed))")
        return single("driver-cpu", "The driver's CPU", "of a core", .share, values, limit: limit)
    }

    private var driverLag: Plot? {
        let values = result.timeline.map(\.lagP99Ms)
        let limit = VerdictRules.lagLimitMs(result.thresholds).map {
            Plot.Limit(value: $0, text: "invalid above \(Figure.number($0)) ms")
        }
        return single(
            "driver-lag",
            "How late the driver was (p99)",
            "",
            .milliseconds,
            values,
            isLogarithmic: true,
            limit: limit
        )
    }

    // MARK: Parts

    private func single(
        _ id: String,
        _ title: String,
        _ of: String,
        _ unit: MeasureWords.Unit,
        _ values: [Double?],
        isLogarithmic: Bool = false,
        limit: Plot.Limit? = nil
    ) -> Plot? {
        guard values.contains(where: { $0 != nil }) else { return nil }
        let about = "At most \(peak(values, unit, of: of))."
        let line = peaks("highest", .strong, values)
        return plot(id, title, about, unit, [line], isLogarithmic: isLogarithmic, limit: limit)
    }

    private func plot(
        _ id: String,
        _ title: String,
        _ about: String,
        _ unit: MeasureWords.Unit,
        _ lines: [Plot.Line],
        isLogarithmic: Bool = false,
        limit: Plot.Limit? = nil,
        size: Plot.Size = .plain
    ) -> Plot {
        let values =
            lines.flatMap(\.values).compactMap { $0 } + lines.flatMap { $0.lows ?? [] }.compactMap { $0 }
        // A limit far above everything would press the lines flat.
        let near = limit.flatMap { isLogarithmic || $0.value <= 5 * (values.max() ?? 0) ? $0 : nil }
        return Plot(
            id: "plot-\(id)",
            title: title,
            about: about,
            unit: unit,
            places: places,
            placeNames: placeNames,
            placeName: "From",
            lines: lines,
            ticks: ticks,
            axis: ValueAxis(
                values: values + (near.map { [$0.value] } ?? []),
                mayBeLogarithmic: isLogarithmic
            ),
            limit: near,
            signs: signs,
            size: size
        )
    }

    /// A line whose highest values are of interest.
    private func peaks(_ name: String, _ style: Plot.Line.Style, _ values: [Double?]) -> Plot.Line {
        .init(name: name, style: style, values: thinning.highest(values))
    }

    /// A line in which a dip matters as much as a peak.
    private func range(
        _ name: String,
        _ style: Plot.Line.Style,
        _ values: [Double?],
        isFilled: Bool = false
    ) -> Plot.Line {
        let lows = thinning.width > 1 ? thinning.lowest(values) : nil
        return .init(
            name: name,
            style: style,
            values: thinning.highest(values),
            lows: lows,
            isFilled: isFilled
        )
    }

    /// The highest value, and when it first was.
    private func peak(_ values: [Double?], _ unit: MeasureWords.Unit, of what: String = "") -> String {
        guard let highest = values.compactMap({ $0 }).max(), let index = values.firstIndex(of: highest) else {
            return "nothing"
        }
        let words = what.isEmpty ? "" : " \(what)"
        return "\(unit.text(highest))\(words) (at \(Figure.clock(Double(result.timeline[index].at))))"
    }

    private func threshold(_ measure: Scenario.Measure, _ words: String) -> Plot.Limit? {
        result.thresholds.first { $0.name == measure.rawValue }.map {
            .init(value: $0.limit, text: "\(words) \($0.limitText)")
        }
    }
}
