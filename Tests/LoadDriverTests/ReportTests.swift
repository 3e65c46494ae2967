import Foundation
import FoundationXML
import Testing

@testable import plenary_load

struct ReportTests {
    @Test func `the page is well-formed, with and without everything`() throws {
        let hostile = RunResult.judged {
            $0.scenario.name = "</title><script>alert(1)</script>\u{0}\u{1B}\u{FFFF}"
            $0.target.machine = "\"quoted\" & 'so' \u{202E}"
            $0.counts.violations = 140
            $0.violations = Array(repeating: .sample("<b>", evidence: ["]]>", "<!--", "&amp;"]), count: 12)
            $0.counts.refusals = ["<i>": 1]
            $0.remarks = ["<script>"]
        }
        let bare = RunResult.judged {
            ($0.timeline, $0.latencies, $0.thresholds, $0.marks, $0.remarks) = ([], [], [], [], [])
            ($0.counts.refusals, $0.counts.closes, $0.scenario.about) = ([:], [:], "")
        }
        for (result, old) in [(hostile, bare), (bare, hostile), (.judged(), nil)] {
            let page = try Page(Report.page(result, comparedWith: old))
            #expect(page.count("script") == 0)
            #expect(page.count("h1") == 1)
            // Headings follow each other without a gap, and every id is there once.
            #expect(page.count("h2") >= 8)
            #expect(Set(page.ids).count == page.ids.count)
        }
    }

    @Test func `text of others stays text`() throws {
        let page = try Page(Report.page(.judged { $0.remarks = ["<b>bold</b> & \u{1B}[0m"] }))
        #expect(page.text.contains("<b>bold</b> & <1B>[0m"))
    }

    @Test func `nothing is fetched from anywhere`() throws {
        let source = Report.page(.judged(), comparedWith: .judged())
        let page = try Page(source)
        #expect(page.links.allSatisfy { $0 == "data:," || $0.hasPrefix("#") })
        #expect(page.count("img") + page.count("script") + page.count("iframe") == 0)
        #expect(!source.contains("url(") && !source.contains("@import"))
        #expect(source.contains("default-src 'none'"))
    }

    @Test(arguments: [
        ("met", 0.3, false, 0), ("invalid", 0.99, false, 0), ("interrupted", 0.3, true, 0),
        ("thresholdsNotMet", 0.3, false, 1),
    ])
    func `the verdict is a word and a sentence, not only a colour`(
        name: String,
        cpu: Double,
        isInterrupted: Bool,
        violations: Int
    ) throws {
        let result = RunResult.judged(isInterrupted: isInterrupted) {
            $0.driver.cpuPeak = cpu
            $0.counts.violations = violations
        }
        let page = try Page(Report.page(result))
        #expect(page.classes.contains("verdict \(name)"))
        #expect(page.text.contains("\(result.verdict.kind.sign) \(result.verdict.kind.word)"))
        #expect(page.text.contains(result.verdict.sentence))
    }

    @Test func `every plot has a table of what it shows, and the marks with their numbers`() throws {
        let page = try Page(Report.page(.judged()))
        // Seven over time and one for each latency.
        #expect(page.count("figure") == 9)
        #expect(page.count("details") == 9)
        #expect(page.count("caption") >= 9)
        #expect(page.texts(of: "li").filter { $0 == "1 round 1 opens" }.count == 7)
        #expect(page.texts(of: "li").contains("0:40 hosts drop"))
        #expect(page.texts(of: "td").contains("26 ms"))
    }

    @Test func `what the server did not tell is not plotted, and that is said`() throws {
        let page = try Page(
            Report.page(
                .judged {
                    for second in $0.timeline.indices {
                        $0.timeline[second].serverCPU = nil
                        $0.timeline[second].serverMemoryMB = nil
                    }
                }
            )
        )
        #expect(page.count("figure") == 7)
        #expect(page.text.contains("The server's metrics could not be read"))
    }

    @Test func `an hour has at most 400 points in a plot, and its one bad second is among them`() throws {
        let result = RunResult.judged {
            $0.timeline = (0..<3_600).map { .sample(at: $0) }
            $0.timeline[2_345].maxMs = 4_321
            $0.timeline[2_345].connected = 17
        }
        let page = try Page(Report.page(result))
        #expect(page.texts(of: "td").filter { $0 == "4,321 ms" }.count == 1)
        #expect(page.texts(of: "td").filter { $0 == "17" }.count == 1)
        let longest = page.paths.map { $0.count { $0 == "L" } }.max() ?? 0
        // A shaded line goes there and back.
        #expect(longest < 2 * Thinning.most)
        #expect(longest > Thinning.most / 2)
        #expect(page.text.contains("Each point stands for 9 seconds"))
    }

    @Test func `a comparison has a section of its own, with its warnings`() throws {
        let old = RunResult.judged { $0.scenario.seed = 8 }
        let page = try Page(Report.page(.judged(), comparedWith: old))
        #expect(page.texts(of: "h2").contains("Compared with an older run"))
        #expect(page.texts(of: "li").contains("The runs differ in seed: 8 before, 7 now."))
        #expect(!(try Page(Report.page(.judged())).texts(of: "h2").contains("Compared with an older run")))
    }
}

/// A page as a parser of XML reads it.
private final class Page: NSObject, XMLParserDelegate {
    private(set) var ids: [String] = []
    private(set) var links: [String] = []
    private(set) var classes: [String] = []
    private(set) var paths: [String] = []
    private(set) var text = ""
    private var names: [String: Int] = [:]
    private var texts: [String: [String]] = [:]
    private var open: [(name: String, text: String)] = []

    struct Malformed: Error {
        let line: Int
    }

    init(_ source: String) throws {
        super.init()
        let parser = XMLParser(data: Data(source.utf8))
        parser.delegate = self
        guard parser.parse() else { throw Malformed(line: parser.lineNumber) }
    }

    func count(_ name: String) -> Int { names[name, default: 0] }

    /// What stands in each element of a name, with all that is in it.
    func texts(of name: String) -> [String] { texts[name, default: []] }

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) {
        names[name, default: 0] += 1
        attributes["id"].map { ids.append($0) }
        attributes["class"].map { classes.append($0) }
        attributes["d"].map { paths.append($0) }
        links += [attributes["href"], attributes["src"]].compactMap { $0 }
        open.append((name, ""))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        text += string
        for index in open.indices { open[index].text += string }
    }

    func parser(
        _ parser: XMLParser,
        didEndElement name: String,
        namespaceURI: String?,
        qualifiedName: String?
    ) {
        texts[name, default: []].append(
            open.removeLast().text.trimmingCharacters(in: .whitespacesAndNewlines)
        )
    }
}
