internal import CLinux

/// What the C library does with memory that was freed.
package enum Memory {
    /// Arrays up to this size are made of memory that is at hand.
    private static let largestKept: Int32 = 4 << 20
    /// So much may lie idle before some of it goes back to the kernel.
    private static let mostIdle: Int32 = 64 << 20

    /// Keeps what was freed for the next batch, which needs as much: given back to the kernel, each page of it would
    /// have to be asked for, and be zeroed, again.
    package static func keepFreed() {
        _ = mallopt(M_MMAP_THRESHOLD, largestKept)
        _ = mallopt(M_TRIM_THRESHOLD, mostIdle)
    }
}
