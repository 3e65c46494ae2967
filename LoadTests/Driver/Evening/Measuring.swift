import Foundation
import Sessions

extension Evening {
    /// Ends a second: its figures, and the server's as they were last told.
    func measure(due: Int64) {
        usage.look(at: now)
        meters.end(
            second: Int(due / 1_000_000),
            driverCPU: usage.share,
            serverCPU: probe.cpuShare,
            serverMemoryMB: probe.memoryMB
        )
        if probe.memoryMB ?? 0 > serverMemoryPeak { serverMemoryPeak = probe.memoryMB ?? 0 }
        probe.ask(sockets, at: now)
        watchHosts()
        if !isOver { agenda.note(.measure, at: due + 1_000_000) }
    }

    func mark(_ text: String) {
        let at = (seconds * 10).rounded() / 10
        if let last = meters.marks.last, last.text == text, at - last.at < 1 { return }
        meters.marks.append(RunResult.Mark(at: at, text: text))
    }

    /// Nobody leads, and somebody could: the lease is 30 s from when the server hears of it, which is 25 s at the latest.
    private func watchHosts() {
        for gathering in gatherings {
            guard let gone = gathering.hostGoneAt, gathering.phase == .live, outage == nil else { continue }
            let canLead = gathering.people.contains {
                $0.role.mayLead && $0.writingLine != nil
            }
            guard canLead else { continue }
            gathering.hostless = max(gathering.hostless, now - gone)
            guard now - gone > 65_000_000 else { continue }
            gathering.ledger.now = seconds
            gathering.ledger.fail("host", "nobody has led for a minute, though a co-host is there")
            gathering.hostGoneAt = nil
        }
    }

    /// Judges what everybody has passed.
    func settle() {
        for gathering in gatherings {
            gathering.ledger.now = seconds
            gathering.ledger.settle()
        }
    }

    var violationCount: Int { gatherings.reduce(0) { $0 + $1.ledger.violationCount } }
}

/// What the driver itself takes.
struct DriverUsage {
    /// Of one core, between the last two looks.
    private(set) var share = 0.0
    private var cpu = Self.cpuMicroseconds
    private var at: Int64

    /// From a moment on; microseconds of any clock.
    init(at now: Int64) { at = now }

    /// A driver that comes late to several looks takes them one after the other: they have one share.
    mutating func look(at now: Int64, cpu taken: Int64 = Self.cpuMicroseconds) {
        guard now - at >= 100_000 else { return }
        share = Double(taken - cpu) / Double(now - at)
        (cpu, at) = (taken, now)
    }

    /// Processor time since its start.
    static var cpuMicroseconds: Int64 { Int64(clock()) * 1_000_000 / Int64(CLOCKS_PER_SEC) }

    /// Its resident memory; 0 when the system does not tell.
    static var memoryMB: Double {
        guard let data = FileManager.default.contents(atPath: "/proc/self/statm") else { return 0 }
        let numbers = String(decoding: data, as: UTF8.self).split(separator: " ")
        return numbers.count > 1 ? Double(Int(numbers[1]) ?? 0) * 4_096 / 1_000_000 : 0
    }
}
