internal import Glibc

/// The one clock of a server: milliseconds since 1970 that never jump and never run backwards.
///
/// The wall clock is read once, at the start; from then on only `CLOCK_BOOTTIME` counts, which also runs while
/// the machine sleeps. Setting the wall clock changes nothing here; only ticket times are compared with `wall()`.
package struct ServerClock: Sendable {
    private let origin: Int64
    private let bootAtOrigin: Int64

    /// Starts at the wall clock's time, or at `floor` (the journal's last time) if that is later.
    package init(notBefore floor: Int64 = 0) {
        origin = max(Self.wall(), floor)
        bootAtOrigin = Self.milliseconds(of: CLOCK_BOOTTIME)
    }

    /// Milliseconds since 1970, never less than at any call before.
    package func now() -> Int64 {
        origin + Self.milliseconds(of: CLOCK_BOOTTIME) - bootAtOrigin
    }

    /// What the machine's calendar says, in milliseconds since 1970; it may jump.
    package static func wall() -> Int64 {
        milliseconds(of: CLOCK_REALTIME)
    }

    /// What the calling thread has computed so far, in nanoseconds: it stands still while others have the processor.
    package static func threadNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static func milliseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
