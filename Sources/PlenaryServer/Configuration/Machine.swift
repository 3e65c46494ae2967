internal import Foundation
internal import Transport

/// What a server would find on a machine: as values, so that tests can make one up.
struct Machine: Sendable {
    /// The wall clock's time, in milliseconds since 1970.
    var now: Int64
    /// How many descriptors a process may have.
    var descriptors: Int
    /// Bytes of memory that this process may take; nil: not known.
    var memory: Int?
    /// Free bytes where a path is; nil: not known.
    var free: @Sendable (_ path: String) -> Int?
    /// Who may do what with a file, as `chmod` has it; nil: it is none, or not known.
    var mode: @Sendable (_ path: String) -> Int?

    /// The one that this runs on.
    static var this: Machine {
        Machine(
            now: ServerClock.wall(),
            descriptors: DescriptorLimit.raise(),
            memory: memory(),
            free: { path in
                let found = try? FileManager.default.attributesOfFileSystem(forPath: path)
                return (found?[.systemFreeSize] as? NSNumber)?.intValue
            },
            mode: { KeyFileMode.mode(of: $0) }
        )
    }

    /// The smaller of the machine's and the control group's (cgroups(7), version 2).
    private static func memory() -> Int? {
        let installed = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        let text = BoundedFile.bytes("/sys/fs/cgroup/memory.max", limit: 64).map {
            String(decoding: $0, as: UTF8.self)
        }
        let allowed = text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        return min(installed, allowed ?? installed)
    }
}
