internal import CLinux
internal import Glibc

/// The kernel's list of the descriptors that one loop waits for: epoll, level-triggered.
///
/// Level-triggered, because a turn reads each ready socket once and leaves the rest to the next turn; a descriptor
/// whose readiness is of no use now is taken out of the interest instead of being reported over and over.
final class Poll: Sendable {
    /// What a descriptor is waited for; resets are reported always.
    struct Interest: OptionSet {
        let rawValue: UInt32

        static let read = Interest(rawValue: EPOLLIN.rawValue)
        static let write = Interest(rawValue: EPOLLOUT.rawValue)
    }

    private let descriptor: FileDescriptor

    init() throws(SystemFailure) {
        let number = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard number >= 0 else { throw SystemFailure("epoll_create1") }
        descriptor = FileDescriptor(owning: number)
    }

    /// Adds a descriptor; its events carry the token.
    ///
    /// It leaves the list by being closed.
    func add(_ number: Int32, _ interest: Interest, token: UInt64) -> Bool {
        control(EPOLL_CTL_ADD, number, interest, token)
    }

    func change(_ number: Int32, _ interest: Interest, token: UInt64) {
        _ = control(EPOLL_CTL_MOD, number, interest, token)
    }

    /// Waits for events, at most for the given time (-1: without end); how many of the buffer were filled.
    func wait(_ events: UnsafeMutableBufferPointer<epoll_event>, milliseconds: Int32) -> Int {
        // A signal ends the wait early, which is a turn without events.
        max(0, Int(epoll_wait(descriptor.number, events.baseAddress, Int32(events.count), milliseconds)))
    }

    private func control(_ call: Int32, _ number: Int32, _ interest: Interest, _ token: UInt64) -> Bool {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = token
        return epoll_ctl(descriptor.number, call, number, &event) == 0
    }
}
