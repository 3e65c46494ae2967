import Testing

@testable import plenary_load

struct PlotTests {
    @Test(arguments: [1, 2, 399, 400, 401, 3_600])
    func `thinning keeps every group's highest and lowest, in order`(count: Int) {
        var state: UInt64 = 7
        let values: [Double?] = (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 60 == 0 ? nil : Double(state >> 40)
        }
        let thinning = Thinning(count: count)
        let (highest, lowest) = (thinning.highest(values), thinning.lowest(values))
        #expect(highest.count <= Thinning.most)
        #expect(highest.count == thinning.starts.count)
        for (index, start) in thinning.starts.enumerated() {
            let group = values[start..<min(start + thinning.width, count)].compactMap { $0 }
            #expect(highest[index] == group.max())
            #expect(lowest[index] == group.min())
        }
        #expect(highest.compactMap { $0 }.max() == values.compactMap { $0 }.max())
        if count <= Thinning.most { #expect(highest == values) }
    }

    @Test func `a run without a second has no points`() {
        #expect(Thinning(count: 0).starts.isEmpty)
        #expect(Thinning(count: 0).highest([]).isEmpty)
    }

    @Test(
        arguments: [
            (1_200, [0, 500, 1_000, 1_500]), (1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (0, [0, 1]),
            (7, [0, 2, 4, 6, 8]),
            (0.31, [0, 0.1, 0.2, 0.3, 0.4]), (100, [0, 20, 40, 60, 80, 100]),
        ] as [(Double, [Double])]
    )
    func `a linear axis begins at nothing and has few round steps`(top: Double, ticks: [Double]) {
        let axis = ValueAxis(values: [top], mayBeLogarithmic: false)
        #expect(axis.ticks.count == ticks.count)
        for (tick, wanted) in zip(axis.ticks, ticks) { #expect(abs(tick - wanted) < 1e-9) }
        #expect(axis.position(0) == 0)
        #expect(axis.position(.infinity) == 1)
    }

    @Test func `a wide range is shown by powers of ten, where that is asked for`() {
        let values = [0, 1.5, 40, 700]
        #expect(!ValueAxis(values: values, mayBeLogarithmic: false).isLogarithmic)
        #expect(!ValueAxis(values: [10, 299], mayBeLogarithmic: true).isLogarithmic)
        let axis = ValueAxis(values: values, mayBeLogarithmic: true)
        #expect(axis.ticks == [1, 10, 100, 1_000])
        #expect(abs(axis.position(10) - 1.0 / 3) < 1e-9)
        #expect(axis.position(0) == 0)
        #expect(ValueAxis(values: [0.001, 1e9], mayBeLogarithmic: true).ticks.count <= 7)
    }

    @Test(
        arguments: [
            (1, 1), (8, 1), (9, 2), (60, 10), (600, 120), (3_600, 600), (86_400, 14_400),
        ] as [(Double, Double)]
    )
    func `moments are labelled at steps that a clock has`(span: Double, step: Double) {
        let ticks = TimeAxis.ticks(span: span)
        #expect(ticks.count <= 9)
        #expect(ticks.first == 0)
        #expect(ticks.dropFirst().first == step)
    }

    @Test func `a gap in the values is a gap in the line, and a lone value is a dot`() {
        let source = plot(values: [1, 2, nil, 2, nil, 1], signs: []).markup.source
        #expect(source.contains("d=\"M0 100L200 0M600 0h0.01M1000 100h0.01\""))
    }

    @Test func `numbers of signs that are too close share a flag`() {
        let signs = [0.1, 0.12, 0.14, 0.5].enumerated().map { index, place in
            Plot.Sign(place: place, number: index + 1, text: "it \(index + 1)")
        }
        let source = plot(values: [1, 2, 1, 2, 1, 2], signs: signs).markup.source
        #expect(source.contains("style=\"left:10%\">1–3<"))
        #expect(source.contains("style=\"left:50%\">4<"))
        #expect(source.components(of: "class=\"sign\"") == 4)
        let many = (1...40).map { Plot.Sign(place: Double($0) / 40, number: $0, text: "it") }
        #expect(plot(values: [1, 2, 1, 2, 1, 2], signs: many).markup.source.contains("all 40 events"))
    }

    @Test func `a limit is drawn if it is within the axis`() {
        #expect(plot(values: [1, 2, 1, 1, 1, 1], limit: 1.5).markup.source.contains("class=\"limit\""))
        #expect(!plot(values: [1, 2, 1, 1, 1, 1], limit: 3).markup.source.contains("class=\"limit\""))
    }

    /// On an axis from 0 to 2.
    private func plot(values: [Double?], signs: [Plot.Sign] = [], limit: Double? = nil) -> Plot {
        Plot(
            id: "it",
            title: "It",
            about: "",
            unit: .number,
            places: [0, 0.2, 0.4, 0.6, 0.8, 1],
            placeNames: ["a", "b", "c", "d", "e", "f"],
            placeName: "place",
            lines: [.init(name: "it", style: .strong, values: values)],
            ticks: [],
            axis: ValueAxis(values: [2], mayBeLogarithmic: false),
            limit: limit.map { .init(value: $0, text: "limit") },
            signs: signs
        )
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
