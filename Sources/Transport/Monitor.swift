internal import Glibc

/// A mutex with one condition on `CLOCK_MONOTONIC`: the only lock of the ring; mailboxes have
/// one, and who waits for background work.
final class Monitor: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // A deadline must not move when somebody sets the wall clock.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func withLock<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Lets go of the lock until somebody wakes the waiters or the deadline (`monotonicMilliseconds`) has
    /// passed; false at the deadline.
    ///
    /// Only inside `withLock`.
    func wait(until deadline: Int64?) -> Bool {
        guard let deadline else {
            return pthread_cond_wait(condition, mutex) == 0
        }
        var time = timespec(tv_sec: Int(deadline / 1000), tv_nsec: Int(deadline % 1000) * 1_000_000)
        return pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT
    }

    func wakeAll() {
        pthread_cond_broadcast(condition)
    }

    static func monotonicMilliseconds() -> Int64 {
        ServerClock.milliseconds(of: CLOCK_MONOTONIC)
    }
}
