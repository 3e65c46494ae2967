internal import CLinux
internal import Glibc
internal import Synchronization

/// Ends a loop's wait from another thread: an eventfd, written at most once until the loop has seen it.
final class Waker: Sendable {
    let descriptor: FileDescriptor
    private let isPending = Atomic<Bool>(false)

    init() throws(SystemFailure) {
        let number = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard number >= 0 else { throw SystemFailure("eventfd") }
        descriptor = FileDescriptor(owning: number)
    }

    func wake() {
        if !isPending.exchange(true, ordering: .acquiringAndReleasing) {
            _ = eventfd_write(descriptor.number, 1)
        }
    }

    /// The loop has seen it.
    ///
    /// What was posted before a `wake` that came until now is there to be taken.
    func clear() {
        var count: eventfd_t = 0
        _ = eventfd_read(descriptor.number, &count)
        isPending.store(false, ordering: .sequentiallyConsistent)
    }
}
