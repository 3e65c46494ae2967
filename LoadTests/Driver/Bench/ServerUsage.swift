import Foundation

/// What a process has used, as the kernel counts it in `/proc`.
struct ServerUsage {
    /// Nanoseconds on a CPU of each thread.
    private var threads: [String: Int64] = [:]
    /// User and system time of the process with all threads that have ended, in the kernel's ticks of 10 ms.
    private var ticks: Int64 = 0
    /// Memory that is no file's, in bytes.
    let memoryBytes: Int

    /// Reads it now.
    init(of process: Int32) {
        let folder = "/proc/\(process)"
        for thread in (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/task")) ?? [] {
            let words = Self.words("\(folder)/task/\(thread)/schedstat")
            threads[thread] = words.first.flatMap { Int64($0) }
        }
        // The name in parentheses may hold spaces; user and system time are the 12th and 13th word behind it.
        if let stat = Self.text("\(folder)/stat"), let name = stat.lastIndex(of: ")") {
            let words = stat[name...].split(separator: " ")
            ticks = words.count > 13 ? (Int64(words[12]) ?? 0) + (Int64(words[13]) ?? 0) : 0
        }
        let status = Self.text("\(folder)/status") ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        memoryBytes = (kibibytes ?? 0) << 10
    }

    /// Milliseconds on a CPU since an earlier reading.
    ///
    /// Threads that have ended since have taken their figure along: then it is the coarser one of the process.
    func milliseconds(since earlier: ServerUsage) -> Double {
        guard earlier.threads.keys.allSatisfy({ threads[$0] != nil }) else {
            return Double(ticks - earlier.ticks) * 10
        }
        let nanoseconds = threads.reduce(Int64(0)) { $0 + $1.value - (earlier.threads[$1.key] ?? 0) }
        return Double(nanoseconds) / 1e6
    }

    fileprivate static func text(_ file: String) -> String? {
        // Files of /proc say that they are empty; a handle reads on until there is nothing more.
        guard let handle = FileHandle(forReadingAtPath: file) else { return nil }
        defer { try? handle.close() }
        return (try? handle.readToEnd()).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func words(_ file: String) -> [Substring] {
        (text(file) ?? "").split(whereSeparator: \.isWhitespace)
    }
}

/// What all processes have used, as the kernel counts it in `/proc/stat`, in ticks of 10 ms.
struct MachineUsage {
    private let ticks: Int64

    /// Reads it now.
    init() {
        let line = ServerUsage.text("/proc/stat")?.split(separator: "\n").first ?? ""
        let words = line.split(separator: " ").dropFirst().map { Int64($0) ?? 0 }
        // user, nice, system, idle, iowait, irq, softirq, steal; what guests used is in user.
        ticks = words.enumerated().reduce(0) {
            $0 + ([3, 4].contains($1.offset) || $1.offset > 7 ? 0 : $1.element)
        }
    }

    /// Milliseconds on all CPUs together since an earlier reading.
    func milliseconds(since earlier: MachineUsage) -> Double {
        Double(ticks - earlier.ticks) * 10
    }
}
