import Dispatch
import PlenaryServer
import Sessions
import Testing
import Transport

struct MetricsTests {
    private func text(_ metrics: Metrics) -> String {
        metrics.text(
            loops: [LoopMetrics(), LoopMetrics()],
            queues: [QueueDepth(name: "engine", bytes: 5)],
            process: ProcessUsage(cpuSeconds: 1.5, residentBytes: 4_096)
        )
    }

    private func lines(_ metrics: Metrics) -> [String] {
        text(metrics).split(separator: "\n").map(String.init)
    }

    @Test func `every series belongs to a family with help and type, told once`() throws {
        var families: [String: String] = [:]
        var helped = ""
        for line in lines(Metrics()) {
            if let help = line.wholeMatch(of: /# HELP ([a-z_]+) \S.*/) {
                helped = String(help.output.1)
                #expect(families[helped] == nil, "\(helped) is there twice")
            } else if let type = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge|histogram)/) {
                #expect(String(type.output.1) == helped)
                families[helped] = String(type.output.2)
            } else {
                let match = try #require(
                    line.wholeMatch(of: /([a-z_]+)(\{[^{}]*\})? (-?[0-9.e+-]+)/),
                    "\(line)"
                )
                let name = String(match.output.1)
                let kind = try #require(families[helped])
                let suffixes = kind == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                #expect(suffixes.contains { name == helped + $0 }, "\(line)")
                #expect(kind != "counter" || name.hasSuffix("_total"), "\(line)")
            }
        }
        let wanted = [
            "plenary_connections", "plenary_seats", "plenary_sessions", "plenary_rehearsals",
            "plenary_commands_total",
            "plenary_refusals_total", "plenary_deliveries_total", "plenary_outbox_bytes",
            "plenary_journal_batches_total", "plenary_journal_sync_seconds", "plenary_batch_commands",
            "plenary_mailbox_bytes", "plenary_rejected_total", "process_cpu_seconds_total",
            "process_resident_memory_bytes", "plenary_members_seen_total", "plenary_communities_total",
            "plenary_sessions_held_total", "plenary_attended_total", "plenary_erasures_total",
        ]
        #expect(wanted.filter { families[$0] == nil } == [])
    }

    @Test func `no series is there twice and all cases are there from the start`() {
        let series = lines(Metrics()).filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ")[0] }
        #expect(Set(series).count == series.count)
        for code in RefusalCode.allCases {
            #expect(series.contains { $0 == "plenary_refusals_total{code=\"\(code.rawValue)\"}" })
        }
        for kind in CommandKind.allCases {
            #expect(series.contains { $0 == "plenary_commands_total{command=\"\(kind.rawValue)\"}" })
        }
    }

    @Test func `what is counted is told`() {
        let metrics = Metrics()
        let before = lines(metrics).count
        metrics.commands[.sendChat].add(3)
        metrics.refusals[.notHost].add()
        metrics.rejected[.ticket].add(2)
        metrics.seats.set(9)
        let lines = lines(metrics)
        #expect(lines.contains("plenary_commands_total{command=\"chat.send\"} 3"))
        #expect(lines.contains("plenary_refusals_total{code=\"notHost\"} 1"))
        #expect(lines.contains("plenary_rejected_total{reason=\"ticket\"} 2"))
        #expect(lines.contains("plenary_seats 9"))
        #expect(lines.contains("plenary_connections{loop=\"1\"} 0"))
        #expect(lines.contains("plenary_mailbox_bytes{to=\"engine\"} 5"))
        #expect(lines.contains("process_cpu_seconds_total 1.5"))
        #expect(lines.count == before)
    }

    @Test func `a histogram tells for each bound how many were not greater`() {
        let metrics = Metrics()
        for count in [1, 2, 2, 3, 5_000] { metrics.batchCommands.observe(count) }
        metrics.syncTime.observe(400_000)
        let lines = lines(metrics)
        for line in [
            "plenary_batch_commands_bucket{le=\"1\"} 1", "plenary_batch_commands_bucket{le=\"2\"} 3",
            "plenary_batch_commands_bucket{le=\"4\"} 4", "plenary_batch_commands_bucket{le=\"4096\"} 4",
            "plenary_batch_commands_bucket{le=\"+Inf\"} 5", "plenary_batch_commands_sum 5008",
            "plenary_batch_commands_count 5", "plenary_journal_sync_seconds_bucket{le=\"0.00025\"} 0",
            "plenary_journal_sync_seconds_bucket{le=\"0.0005\"} 1", "plenary_journal_sync_seconds_sum 0.0004",
            "plenary_journal_sync_seconds_bucket{le=\"1\"} 1",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test func `many threads lose no count`() {
        let counter = Counter()
        let histogram = Histogram(bounds: [10])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for value in 0..<1_000 {
                counter.add()
                histogram.observe(value)
            }
        }
        #expect(counter.value == 8_000)
        #expect(histogram.cumulative == [88, 8_000])
        #expect(histogram.sum == 8 * 499_500)
    }

    @Test func `the process has used something`() {
        let usage = ProcessUsage.now()
        #expect(usage.cpuSeconds > 0)
        #expect(usage.residentBytes > 1 << 20)
    }
}
