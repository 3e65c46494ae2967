import Foundation
import PlenaryServer
import Synchronization
import Testing

/// A log that keeps its lines, under a clock of the test's own.
private final class Kept: Sendable {
    let lines = Mutex<[String]>([])
    let time = Atomic<Int64>(1_000_000)

    func log(_ form: Log.Form = .json) -> Log {
        let clock = LogClock(
            wall: { 1_790_000_000_123 },
            steady: { [self] in time.load(ordering: .relaxed) }
        )
        return Log(form: form, clock: clock) { [self] line in
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
    }

    func pass(milliseconds: Int64) {
        time.wrappingAdd(milliseconds, ordering: .relaxed)
    }

    var text: [String] { lines.withLock { $0 } }

    func objects() throws -> [[String: Any]] {
        try text.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }
}

struct LogTests {
    @Test func `a line is one JSON object with time, level, event and fields`() throws {
        let kept = Kept()
        let log = kept.log()
        log.write(.listening, [.text("address", "127.0.0.1:8080"), .number("loops", 2)])
        log.flush()
        let line = try #require(try kept.objects().first)
        #expect(line["at"] as? String == "2026-09-21T14:13:20.123Z")
        #expect(line["level"] as? String == "info")
        #expect(line["event"] as? String == "listening")
        #expect(line["address"] as? String == "127.0.0.1:8080")
        #expect(line["loops"] as? Int == 2)
    }

    @Test(arguments: [
        "two\nlines", "\u{0}\u{1B}[31mred", "quote\" and \\ backslash", "\u{202E}desrever", "\u{2028}", "}{",
    ])
    func `nothing that a stranger sends begins a line or moves a cursor`(text: String) throws {
        for form in [Log.Form.json, .text] {
            let kept = Kept()
            let log = kept.log(form)
            log.write(.stopped, [.text("path", text)])
            log.flush()
            let line = try #require(kept.text.first)
            #expect(kept.text.count == 1)
            #expect(line.utf8.filter { $0 == 0x0A }.count == 1 && line.hasSuffix("\n"))
            #expect(line.dropLast().utf8.allSatisfy { $0 >= 0x20 })
            if form == .json {
                #expect(try kept.objects().first?["path"] as? String == text)
            } else {
                #expect(!line.contains("\u{202E}") && !line.contains("\u{2028}"))
            }
        }
    }

    @Test func `a long text is cut`() throws {
        let kept = Kept()
        let log = kept.log()
        log.write(.stopped, [.text("path", String(repeating: "é", count: 10_000))])
        log.flush()
        #expect(try #require(kept.text.first).utf8.count < 500)
    }

    @Test func `people read a sentence and the fields behind it`() {
        let kept = Kept()
        let log = kept.log(.text)
        log.write(.queueStalled, [.text("queue", "the journal"), .number("bytes", 7)])
        log.flush()
        #expect(
            kept.text == [
                "2026-09-21T14:13:20.123Z WARNING: A queue stands still queue=\"the journal\" bytes=7\n"
            ]
        )
    }

    @Test func `what strangers can repeat is said once a minute, with how many there were`() throws {
        let kept = Kept()
        let log = kept.log()
        for _ in 0..<1_000 { log.write(.ticketRefused) }
        log.write(.originRefused)
        kept.pass(milliseconds: 59_999)
        log.write(.ticketRefused)
        kept.pass(milliseconds: 1)
        log.write(.ticketRefused)
        log.flush()
        let lines = try kept.objects()
        #expect(
            lines.compactMap { $0["event"] as? String } == [
                "ticketRefused", "originRefused", "ticketRefused",
            ]
        )
        #expect(lines.map { $0["more"] as? Int } == [nil, nil, 1_000])
    }

    @Test func `what was held back at the end is said at the end`() throws {
        let kept = Kept()
        let log = kept.log()
        for _ in 0..<3 { log.write(.requestRefused) }
        log.flush()
        #expect(try kept.objects().map { $0["more"] as? Int } == [nil, 2])
    }

    @Test func `a reader that stands still loses lines and holds nobody up`() throws {
        let kept = Kept()
        let gate = DispatchSemaphore(value: 0)
        let log = Log(form: .json) { line in
            gate.wait()
            gate.signal()
            kept.lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
        for _ in 0..<20_000 { log.write(.stopped) }
        gate.signal()
        log.flush()
        log.write(.stopped)
        log.flush()
        let lost = try kept.objects().compactMap { $0["lines"] as? Int }.reduce(0, +)
        #expect(lost > 0)
        #expect(lost + kept.text.filter { $0.contains("\"stopped\"") }.count == 20_001)
    }

    @Test func `many threads write whole lines`() throws {
        let kept = Kept()
        let log = kept.log()
        DispatchQueue.concurrentPerform(iterations: 200) { log.write(.stopped, [.number("number", $0)]) }
        log.flush()
        #expect(Set(try kept.objects().compactMap { $0["number"] as? Int }).count == 200)
    }

    @Test func `every event has a sentence of its own`() throws {
        let kept = Kept()
        let log = kept.log()
        for event in LogEvent.allCases { log.write(event) }
        log.flush()
        let sentences = try kept.objects().compactMap { $0["message"] as? String }
        #expect(Set(sentences).count == LogEvent.allCases.count)
    }
}
