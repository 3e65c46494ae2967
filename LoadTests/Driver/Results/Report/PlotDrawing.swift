/// Draws a plot as SVG that stretches to the width it gets, with labels in HTML over it.
///
/// Labels are not in the drawing because they would shrink with it: at 360 pixels nobody could read them.
extension Plot {
    private static let width = 1_000.0
    private static let height = 200.0
    /// Numbers of signs that are closer than this share one flag.
    private static let flagWidth = 0.06
    /// So many signs are named under a plot; the page has a list of all.
    private static let signsNamed = 12

    /// The figure: title, legend, drawing, what the signs mean, and the table to open.
    var markup: Markup {
        let summary = Markup("summary", text: "The figures as a table")
        var content = [Markup("figcaption", caption), canvas]
        if !signs.isEmpty { content.append(signList) }
        content.append(Markup("details", [summary, table]))
        return Markup("figure", ["class": "plot \(size.rawValue)"], content)
    }

    private var caption: [Markup] {
        var caption = [Markup("h3", ["id": id], text: title), Markup("p", ["class": "about"], text: about)]
        if lines.count > 1 {
            let keys = lines.map { line in
                let swatch = Markup(
                    "svg",
                    ["class": "key", "viewBox": "0 0 24 8", "aria-hidden": "true"],
                    [Markup("path", ["class": "line \(line.style.rawValue)", "d": "M1 4H23"], [])]
                )
                return Markup("li", [swatch, Markup(line.name)])
            }
            caption.append(Markup("ul", ["class": "legend"], keys))
        }
        return caption
    }

    private var canvas: Markup {
        let drawing = Markup(
            "svg",
            [
                "viewBox": "0 0 1000 200", "preserveAspectRatio": "none", "role": "img",
                "aria-label": "\(title). \(about) The table below has the figures.",
            ],
            grid + signLines + lines.filter { $0.isFilled || $0.lows != nil }.map(area) + limitLine
                + lines.map(curve)
        )
        return Markup("div", ["class": "canvas"], [drawing, labels])
    }

    // MARK: Lines

    private var grid: [Markup] {
        axis.ticks.map { tick in
            let y = number(y(tick))
            return Markup(
                "path",
                ["class": tick == axis.ticks.first ? "foot" : "grid", "d": "M0 \(y)H1000"],
                []
            )
        }
    }

    private var limitLine: [Markup] {
        guard let limit = shownLimit else { return [] }
        return [Markup("path", ["class": "limit", "d": "M0 \(number(y(limit.value)))H1000"], [])]
    }

    private var signLines: [Markup] {
        signs.map { Markup("path", ["class": "sign", "d": "M\(number($0.place * Self.width)) 0V200"], []) }
    }

    private func curve(_ line: Line) -> Markup {
        let path = runs(line.values).map { run -> String in
            let points = run.map { "\(x($0)) \(number(y(line.values[$0] ?? 0)))" }
            // A point without neighbours is a dot: a line of no length with round ends.
            return "M" + points.joined(separator: "L") + (points.count == 1 ? "h0.01" : "")
        }
        return Markup("path", ["class": "line \(line.style.rawValue)", "d": path.joined()], [])
    }

    /// What lies between the highest and the lowest values, or between the lowest and the foot.
    private func area(_ line: Line) -> Markup {
        let path = runs(line.values).map { run -> String in
            let top = line.isFilled ? line.lows ?? line.values : line.values
            let upper = run.map { "\(x($0)) \(number(y(top[$0] ?? 0)))" }
            let lower = run.reversed().map { place -> String in
                let low = line.isFilled ? 0 : line.lows?[place] ?? 0
                return "\(x(place)) \(number(y(low)))"
            }
            return "M" + (upper + lower).joined(separator: "L") + "Z"
        }
        return Markup("path", ["class": "area", "d": path.joined()], [])
    }

    /// Stretches of places that have a value.
    private func runs(_ values: [Double?]) -> [[Int]] {
        values.indices.reduce(into: []) { runs, index in
            guard values[index] != nil else { return }
            if let last = runs.last?.last, last == index - 1 {
                runs[runs.count - 1].append(index)
            } else {
                runs.append([index])
            }
        }
    }

    private func x(_ place: Int) -> String { number(places[place] * Self.width) }

    private func y(_ value: Double) -> Double { (1 - axis.position(value)) * Self.height }

    /// To a tenth of the drawing's unit, which is finer than a pixel.
    private func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths.isMultiple(of: 10) ? String(tenths / 10) : String(Double(tenths) / 10)
    }

    // MARK: Labels

    private var labels: Markup {
        let upright = axis.ticks.map { tick in
            // The unit stands at the top and goes for all.
            let text = tick == axis.ticks.last ? unit.text(tick) : unit.bare(tick)
            return label("y", top: 1 - axis.position(tick), text: text)
        }
        let level = ticks.map { tick in
            let end = tick.place < 0.02 ? " first" : tick.place > 0.97 ? " last" : ""
            return label("x" + end + (tick.isMinor ? " minor" : ""), left: tick.place, text: tick.text)
        }
        let flags = flags.map {
            label("flag" + ($0.place > 0.97 ? " last" : ""), left: $0.place, text: $0.text)
        }
        let limit =
            shownLimit.map { [label("limit-text", top: 1 - axis.position($0.value), text: $0.text)] } ?? []
        return Markup("div", ["class": "labels", "aria-hidden": "true"], upright + level + flags + limit)
    }

    private func label(_ name: String, left: Double? = nil, top: Double? = nil, text: String) -> Markup {
        let edge = left == nil ? "top" : "left"
        let percent = number((left ?? top ?? 0) * 100)
        return Markup("span", ["class": name, "style": "\(edge):\(percent)%"], text: text)
    }

    /// The limit, if it is within what the axis shows.
    private var shownLimit: Limit? {
        guard let limit, let top = axis.ticks.last, let bottom = axis.ticks.first else { return nil }
        return (bottom...top).contains(limit.value) ? limit : nil
    }

    private var flags: [(place: Double, text: String)] {
        var flags: [(place: Double, first: Int, last: Int)] = []
        for sign in signs {
            if let last = flags.last, sign.place - last.place < Self.flagWidth {
                flags[flags.count - 1].last = sign.number
            } else {
                flags.append((sign.place, sign.number, sign.number))
            }
        }
        return flags.map { ($0.place, $0.first == $0.last ? "\($0.first)" : "\($0.first)–\($0.last)") }
    }

    private var signList: Markup {
        var items = signs.prefix(Self.signsNamed).map { sign in
            Markup("li", [Markup("b", text: "\(sign.number)"), Markup(" \(sign.text)")])
        }
        if signs.count > Self.signsNamed {
            items.append(Markup("li", [Markup("a", ["href": "#marks"], text: "all \(signs.count) events")]))
        }
        return Markup("ul", ["class": "signs"], items)
    }
}
