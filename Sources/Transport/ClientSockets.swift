internal import CLinux
internal import Fanout
internal import Glibc

/// Outgoing connections of one thread, for clients with many of them: the load driver.
///
/// Every socket is known by the number that `connect` gave it. Bytes go in by `send`, what happens comes out of
/// `turn`; nothing here waits except `turn`, and no longer than it is told.
package final class ClientSockets {
    /// What happened on a connection.
    package enum Happening: Sendable {
        case opened(Int)
        case received(Int, [UInt8])
        /// It is over: refused, reset, ended by the server or by `close`.
        ///
        /// Nothing comes after it.
        case closed(Int)
    }

    private struct Entry: ~Copyable {
        let descriptor: FileDescriptor
        var isOpen = false
        /// Bytes that the kernel has not taken yet, and how many of them it has.
        var pending: [UInt8] = []
        var sent = 0
    }

    private let poll: Poll
    private var entries: [Int: Box] = [:]
    private var nextNumber = 0
    private let events: UnsafeMutableBufferPointer<epoll_event>
    private let buffer: UnsafeMutableRawBufferPointer

    private final class Box {
        var entry: Entry

        init(_ entry: consuming Entry) {
            self.entry = entry
        }
    }

    /// No connections yet; the process's descriptor limit is raised as far as it goes.
    package init() throws(SystemFailure) {
        _ = DescriptorLimit.raise()
        poll = try Poll()
        events = .allocate(capacity: 512)
        events.initialize(repeating: epoll_event())
        buffer = .allocate(byteCount: 64 << 10, alignment: 16)
    }

    deinit {
        events.deallocate()
        buffer.deallocate()
    }

    /// Begins a connection and answers its number; `opened` or `closed` follows from a later `turn`.
    package func connect(to address: PeerAddress) throws(SystemFailure) -> Int {
        let family = address.isIPv4 ? AF_INET : AF_INET6
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw SystemFailure("socket") }
        let owned = FileDescriptor(owning: descriptor)
        Socket.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, to: 1)
        let begun = address.withSocketAddress { Glibc.connect(descriptor, $0, $1) }
        guard begun == 0 || errno == EINPROGRESS else { throw SystemFailure("connect") }
        let number = nextNumber
        nextNumber += 1
        guard poll.add(descriptor, [.read, .write], token: UInt64(number)) else {
            throw SystemFailure("epoll_ctl")
        }
        entries[number] = Box(Entry(descriptor: owned))
        return number
    }

    /// Sends what the kernel takes now, and the rest in later turns.
    package func send(_ bytes: [UInt8], on number: Int) {
        guard let box = entries[number] else { return }
        let wasIdle = box.entry.pending.isEmpty
        box.entry.pending += bytes
        if wasIdle, box.entry.isOpen { flush(number, box) }
    }

    /// Ends a connection; `closed` is not said of it.
    package func close(_ number: Int) {
        entries[number] = nil
    }

    /// Waits at most so long for something to happen, and says what did.
    package func turn(atMostMilliseconds limit: Int32, _ handle: (Happening) -> Void) {
        let count = poll.wait(events, milliseconds: limit)
        for index in 0..<count {
            let event = events[index]
            let number = Int(event.data.u64)
            guard let box = entries[number] else { continue }
            if !box.entry.isOpen, event.events & (EPOLLOUT.rawValue | EPOLLERR.rawValue) != 0 {
                guard hasOpened(box.entry.descriptor.number) else {
                    end(number, handle)
                    continue
                }
                box.entry.isOpen = true
                handle(.opened(number))
            }
            if box.entry.isOpen, event.events & EPOLLOUT.rawValue != 0 { flush(number, box) }
            if event.events & (EPOLLIN.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
                read(number, box, handle)
            }
        }
    }

    private func hasOpened(_ descriptor: Int32) -> Bool {
        var failure: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length) == 0 && failure == 0
    }

    private func read(_ number: Int, _ box: Box, _ handle: (Happening) -> Void) {
        switch Socket.read(box.entry.descriptor, into: buffer) {
        case .bytes(let count):
            handle(.received(number, Array(UnsafeRawBufferPointer(rebasing: buffer[..<count]))))
        case .nothing: break
        case .end, .broken: end(number, handle)
        }
    }

    private func end(_ number: Int, _ handle: (Happening) -> Void) {
        entries[number] = nil
        handle(.closed(number))
    }

    private func flush(_ number: Int, _ box: Box) {
        if box.entry.sent < box.entry.pending.count {
            let piece = OutboundPiece(box.entry.pending, from: box.entry.sent)
            // What is broken says so at the next read.
            if case .took(let count) = Socket.write(box.entry.descriptor, [piece]) { box.entry.sent += count }
        }
        let isDone = box.entry.sent == box.entry.pending.count
        if isDone {
            box.entry.pending.removeAll(keepingCapacity: true)
            box.entry.sent = 0
        }
        poll.change(box.entry.descriptor.number, isDone ? .read : [.read, .write], token: UInt64(number))
    }
}
