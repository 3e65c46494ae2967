internal import Foundation

/// What the process has used.
package struct ProcessUsage: Equatable, Sendable {
    package var cpuSeconds: Double
    package var residentBytes: Int

    /// Values that are known.
    package init(cpuSeconds: Double, residentBytes: Int) {
        self.cpuSeconds = cpuSeconds
        self.residentBytes = residentBytes
    }

    /// As the system tells now; what it does not tell is 0.
    package static func now() -> ProcessUsage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        let microseconds = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
        return ProcessUsage(
            cpuSeconds: seconds + microseconds / 1_000_000,
            residentBytes: residentPages() * Int(getpagesize())
        )
    }

    /// The second number of `statm` (proc_pid_statm(5)).
    private static func residentPages() -> Int {
        guard let data = FileManager.default.contents(atPath: "/proc/self/statm") else { return 0 }
        let numbers = String(decoding: data, as: UTF8.self).split(separator: " ")
        return numbers.count > 1 ? Int(numbers[1]) ?? 0 : 0
    }

    func write(to page: inout Exposition) {
        page.begin("process_cpu_seconds_total", .counter, "Processor time, user and system.")
        page.series([], cpuSeconds)
        page.single("process_resident_memory_bytes", .gauge, "Resident memory.", residentBytes)
    }
}
