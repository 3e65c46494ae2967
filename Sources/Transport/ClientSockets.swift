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
        /// For those who speak TLS.
        var tls: TLSChannel?
        /// TCP is there, and TLS shakes hands.
        var isSecuring = false
        var isOpen = false
        /// Whether the kernel tells when there is something to read.
        var isReading = true
        /// Whether it tells when there is room to write.
        var isWriting = true
        /// Bytes that the kernel has not taken yet, and how many of them it has.
        var pending: [UInt8] = []
        var sent = 0
    }

    private let poll: Poll
    private var entries: [Int: Box] = [:]
    private var nextNumber = 0
    /// Why TLS could last not be agreed upon, in the library's words.
    package private(set) var lastTLSFailure: String?
    private let events: UnsafeMutableBufferPointer<epoll_event>
    private let buffer: UnsafeMutableRawBufferPointer
    /// Room for one TLS record.
    private let recordBuffer: UnsafeMutableRawBufferPointer

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
        recordBuffer = .allocate(byteCount: 16 << 10, alignment: 16)
    }

    deinit {
        events.deallocate()
        buffer.deallocate()
        recordBuffer.deallocate()
    }

    /// Begins a connection and answers its number; `opened` or `closed` follows from a later `turn`.
    ///
    /// `source` is the address that it comes from, the port left to the kernel: one address has 28,000 of them.
    /// `receiveBytes` is the kernel's buffer for what is not read yet, for clients that read slowly. With `tls` it is
    /// opened when hands are shaken with a server that has a certificate of `name`.
    package func connect(
        to address: PeerAddress,
        from source: PeerAddress? = nil,
        receiveBytes: Int32? = nil,
        tls: (context: TLSContext, name: String)? = nil
    ) throws(SystemFailure) -> Int {
        let family = address.isIPv4 ? AF_INET : AF_INET6
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw SystemFailure("socket") }
        let owned = FileDescriptor(owning: descriptor)
        Socket.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, to: 1)
        if let receiveBytes { Socket.set(descriptor, SOL_SOCKET, SO_RCVBUF, to: receiveBytes) }
        if let source {
            // The port is chosen when the other end is known, so all ports serve every pair of addresses.
            Socket.set(descriptor, Int32(IPPROTO_IP), Self.bindAddressNoPort, to: 1)
            guard source.withSocketAddress({ Glibc.bind(descriptor, $0, $1) }) == 0 else {
                throw SystemFailure("bind")
            }
        }
        let begun = address.withSocketAddress { Glibc.connect(descriptor, $0, $1) }
        guard begun == 0 || errno == EINPROGRESS else { throw SystemFailure("connect") }
        let number = nextNumber
        nextNumber += 1
        guard poll.add(descriptor, [.read, .write], token: UInt64(number)) else {
            throw SystemFailure("epoll_ctl")
        }
        let box = Box(Entry(descriptor: owned))
        if let tls {
            box.entry.tls = TLSChannel(tls.context, connecting: box.entry.descriptor, to: tls.name)
            guard box.entry.tls != nil else { throw SystemFailure("SSL_new", code: ENOMEM) }
        }
        entries[number] = box
        return number
    }

    /// Sends what the kernel takes now, and the rest in later turns.
    package func send(_ bytes: [UInt8], on number: Int) {
        guard let box = entries[number] else { return }
        let wasIdle = box.entry.pending.isEmpty
        box.entry.pending += bytes
        if wasIdle, box.entry.isOpen { flush(number, box) }
    }

    /// Stops or goes on reading; what comes meanwhile waits in the kernel, and then with the peer.
    package func setReading(_ reads: Bool, on number: Int) {
        guard let box = entries[number], box.entry.isReading != reads else { return }
        box.entry.isReading = reads
        register(number, box)
    }

    /// Reads once although `turn` does not read this connection, at most so many bytes.
    package func read(_ number: Int, atMost count: Int, _ handle: (Happening) -> Void) {
        guard let box = entries[number], box.entry.isOpen else { return }
        let lent = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(count, buffer.count)])
        readOnce(number, box, into: lent, { handle(.received($0, $1.withUnsafeBytes { Array($0) })) }, handle)
    }

    /// Ends a connection; `closed` is not said of it.
    package func close(_ number: Int) {
        entries[number] = nil
    }

    /// Waits at most so long for something to happen, and says what did.
    package func turn(atMostMilliseconds limit: Int32, _ handle: (Happening) -> Void) {
        turn(
            atMostMilliseconds: limit,
            lending: { number, bytes in
                handle(.received(number, bytes.withUnsafeBytes { Array($0) }))
            },
            handle
        )
    }

    /// The same, but what was received is lent to `receive` for the time of the call instead of being copied;
    /// `handle` hears of the rest.
    ///
    /// For clients that must cost less than the server that they measure.
    package func turn(
        atMostMilliseconds limit: Int32,
        lending receive: (Int, RawSpan) -> Void,
        _ handle: (Happening) -> Void
    ) {
        let count = poll.wait(events, milliseconds: limit)
        for index in 0..<count {
            let event = events[index]
            let number = Int(event.data.u64)
            guard let box = entries[number] else { continue }
            if !box.entry.isOpen {
                if !box.entry.isSecuring, event.events & (EPOLLOUT.rawValue | EPOLLERR.rawValue) != 0 {
                    guard hasOpened(box.entry.descriptor.number) else {
                        end(number, handle)
                        continue
                    }
                    box.entry.isSecuring = true
                }
                guard box.entry.isSecuring, isSecure(number, box, handle) else { continue }
                box.entry.isOpen = true
                handle(.opened(number))
                // Something may have come with the last of the handshake.
                if box.entry.tls != nil { read(number, box, into: buffer, receive, handle) }
            }
            if box.entry.isOpen, event.events & EPOLLOUT.rawValue != 0 { flush(number, box) }
            if event.events & (EPOLLIN.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
                read(number, box, into: buffer, receive, handle)
            }
        }
    }

    private func hasOpened(_ descriptor: Int32) -> Bool {
        var failure: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length) == 0 && failure == 0
    }

    /// Goes on with the handshake; true when there is none, or it is done.
    private func isSecure(_ number: Int, _ box: Box, _ handle: (Happening) -> Void) -> Bool {
        guard let tls = box.entry.tls else { return true }
        switch tls.handshake() {
        case .done: return true
        case .wantsRead: poll.change(box.entry.descriptor.number, .read, token: UInt64(number))
        case .wantsWrite: poll.change(box.entry.descriptor.number, .write, token: UInt64(number))
        case .failed(let why):
            lastTLSFailure = why
            end(number, handle)
        }
        return false
    }

    private func read(
        _ number: Int,
        _ box: Box,
        into buffer: UnsafeMutableRawBufferPointer,
        _ receive: (Int, RawSpan) -> Void,
        _ handle: (Happening) -> Void
    ) {
        repeat {
            readOnce(number, box, into: buffer, receive, handle)
            // The kernel knows nothing of what was decrypted already.
        } while box.entry.tls?.mayHaveMore == true && entries[number] === box && box.entry.isReading
    }

    private func readOnce(
        _ number: Int,
        _ box: Box,
        into buffer: UnsafeMutableRawBufferPointer,
        _ receive: (Int, RawSpan) -> Void,
        _ handle: (Happening) -> Void
    ) {
        switch box.entry.tls?.read(into: buffer) ?? Socket.read(box.entry.descriptor, into: buffer) {
        case .bytes(let count):
            receive(number, UnsafeRawBufferPointer(rebasing: buffer[..<count]).bytes)
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
            let result =
                box.entry.tls?.write([piece], recordBuffer) ?? Socket.write(box.entry.descriptor, [piece])
            if case .took(let count) = result { box.entry.sent += count }
        } else {
            _ = box.entry.tls?.flush()
        }
        let isAllTaken = box.entry.sent == box.entry.pending.count
        let isDone = isAllTaken && !(box.entry.tls?.owes ?? false)
        if isAllTaken {
            box.entry.pending.removeAll(keepingCapacity: true)
            box.entry.sent = 0
        }
        guard box.entry.isWriting == isDone else { return }
        box.entry.isWriting = !isDone
        register(number, box)
    }

    private func register(_ number: Int, _ box: Box) {
        var interest: Poll.Interest = []
        if box.entry.isReading { interest.insert(.read) }
        if box.entry.isWriting { interest.insert(.write) }
        poll.change(box.entry.descriptor.number, interest, token: UInt64(number))
    }

    /// IP_BIND_ADDRESS_NO_PORT (ip(7)), which Glibc's module lacks.
    private static let bindAddressNoPort: Int32 = 24
}
