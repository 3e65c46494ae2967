import Fanout
import Testing
import WebSocket

struct OutboxTests {
    let bench = Bench(OutboxLimits(countedBytes: 1_000, hardBytes: 3_000))

    /// Fills a connection's socket: what it was sent stays in its outbox apart from `taken` bytes.
    private func block(_ connection: ConnectionID, _ bytes: [UInt8], taken: Int = 0) {
        bench.hub.append(bytes, to: connection.slot)
        bench.hub.seal()
        #expect(bench.next())
        #expect(bench.write(taken) == .waits)
        #expect(!bench.next())
    }

    @Test func `what a full socket left waits and goes out first`() {
        let connection = bench.open()
        bench.now = 50
        block(connection, frame("hello world"), taken: 5)
        #expect(bench.isBlocked(connection))
        #expect(bench.progressAt(connection) == 50)
        #expect(bench.pendingBytes == 6)
        bench.hub.append(frame("!"), to: connection.slot)
        // A blocked socket is not tried again before the caller says so.
        bench.hub.seal()
        let triedAgain = bench.next()
        #expect(!triedAgain)
        bench.now = 60
        #expect(bench.resume(connection))
        #expect(bench.write(2) == .waits)
        #expect(bench.progressAt(connection) == 60)
        bench.now = 70
        #expect(bench.resume(connection))
        #expect(bench.write(0) == .waits)
        #expect(bench.progressAt(connection) == 60)
        #expect(bench.resume(connection))
        #expect(bench.writeAll() == .allSent)
        #expect(bench.text(connection) == "hello world!")
        #expect(bench.pendingBytes == 0)
        let hasMore = bench.resume(connection)
        #expect(!hasMore)
    }

    @Test func `the time without progress counts anew each time the socket is full`() {
        let connection = bench.open()
        bench.now = 50
        block(connection, frame("a"))
        #expect(bench.resume(connection))
        #expect(bench.writeAll() == .allSent)
        bench.now = 5_000
        block(connection, frame("b"))
        #expect(bench.progressAt(connection) == 5_000)
    }

    @Test func `over the limit a connection is slow, once`() {
        let connection = bench.open()
        block(connection, [UInt8](repeating: 1, count: 1_000))
        #expect(bench.nextSlow() == nil)
        bench.hub.append([2], to: connection.slot)
        bench.hub.append([3], to: connection.slot)
        #expect(bench.nextSlow() == connection.slot)
        #expect(bench.nextSlow() == nil)
    }

    @Test func `who has taken enough before the turn's end is not slow`() {
        let connection = bench.open()
        block(connection, [UInt8](repeating: 1, count: 1_001))
        #expect(bench.resume(connection))
        #expect(bench.write(1) == .waits)
        #expect(bench.nextSlow() == nil)
        bench.hub.append([2], to: connection.slot)
        #expect(bench.nextSlow() == connection.slot)
    }

    @Test func `exempt bytes count against the hard limit alone`() {
        let connection = bench.open()
        block(connection, frame("x"))
        bench.carryOut(.reply(connection, frame: [UInt8](repeating: 0, count: 2_900), exempt: true))
        #expect(bench.nextSlow() == nil)
        bench.carryOut(.reply(connection, frame: [UInt8](repeating: 0, count: 99), exempt: true))
        #expect(bench.nextSlow() == nil)
        bench.carryOut(.reply(connection, frame: [0], exempt: true))
        #expect(bench.nextSlow() == connection.slot)
    }

    @Test func `what a socket takes at once is no offence, however much it is`() {
        let connection = bench.open()
        bench.hub.append([UInt8](repeating: 0, count: 10_000), to: connection.slot)
        bench.sendAll()
        #expect(bench.nextSlow() == nil)
        #expect(bench.taken[connection.slot]?.count == 10_000)
    }

    @Test func `pushes that a blocked member cannot take are shared with the others`() {
        let blocked = bench.open()
        let other = bench.open()
        for member in [blocked, other] {
            bench.carryOut(.enter(member, GroupID(0)))
        }
        block(blocked, frame("own "))
        for index in 0..<100 {
            bench.carryOut(push(0, "\(index) "))
            bench.sendAll()
        }
        let expected = (0..<100).map { "\($0) " }.joined()
        #expect(bench.text(other) == expected)
        #expect(bench.resume(blocked))
        #expect(bench.sending.pieces.count == 101)
        #expect(bench.writeAll() == .allSent)
        #expect(bench.text(blocked) == "own " + expected)
    }

    @Test(arguments: [1, 2, 100, 126, 127, 130, 200, 65_000, 65_810])
    func `a slow connection is cut behind the frame that was begun`(sent: Int) throws {
        let bench = Bench()
        let connection = bench.open()
        let frames = [1, 125, 126, 65_536, 10].map {
            FrameWriter.text([UInt8](repeating: 0x61, count: $0))
        }
        // The first frames share one chunk, the large one has its own.
        for frame in frames {
            bench.hub.append(frame, to: connection.slot)
        }
        bench.hub.seal()
        #expect(bench.next())
        #expect(bench.write(sent) == .waits)
        bench.hub.cut(connection.slot)
        bench.hub.append(FrameWriter.close(.normal), to: connection.slot)
        #expect(bench.resume(connection))
        #expect(bench.writeAll() == .allSent)

        var machine = FrameMachine(
            role: .client,
            limits: MessageLimits(maxMessageBytes: 1 << 20, maxFragments: 1)
        )
        var incoming: [Incoming] = []
        let bytes = bench.taken[connection.slot] ?? []
        try machine.receive(bytes.span, into: &incoming)
        #expect(incoming.last == .close(.normal, reason: []))
        var ends = 0
        let begun = frames.prefix { frame in
            defer { ends += frame.count }
            return ends < sent
        }
        #expect(incoming.count == begun.count + 1)
    }

    @Test func `a response that is no frame is not cut inside`() {
        let connection = bench.open()
        bench.hub.append(frame("HTTP/1.1 101"), to: connection.slot, isOpaque: true)
        bench.hub.append(frame("dropped"), to: connection.slot)
        bench.hub.seal()
        #expect(bench.next())
        #expect(bench.write(4) == .waits)
        bench.hub.cut(connection.slot)
        #expect(bench.resume(connection))
        #expect(bench.writeAll() == .allSent)
        #expect(bench.text(connection) == "HTTP/1.1 101")
    }

    @Test func `a connection that goes takes its pending bytes along`() {
        let connection = bench.open()
        block(connection, frame("never sent"))
        bench.hub.release(connection.slot)
        #expect(bench.pendingBytes == 0)
        bench.hub.release(connection.slot)
        #expect(bench.open().slot == connection.slot)
    }

    @Test func `the hub knows when a connection was last sent a text`() {
        bench.now = 10
        let connection = bench.open()
        #expect(bench.textAt(connection) == 10)
        bench.carryOut(.enter(connection, GroupID(0)))
        bench.now = 20
        bench.hub.append(FrameWriter.ping(), to: connection.slot)
        bench.sendAll()
        #expect(bench.textAt(connection) == 10)
        bench.carryOut(push(0, "text"))
        bench.sendAll()
        #expect(bench.textAt(connection) == 20)
        bench.now = 30
        bench.carryOut(reply(connection, "text"))
        #expect(bench.textAt(connection) == 30)
    }
}
