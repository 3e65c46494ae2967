import Fanout
import Testing
import Transport
import WebSocket

/// Clients that come, go and misbehave all at once, around one that only listens.
@Suite(.timeLimit(.minutes(2)))
struct TurmoilTests {
    @Test(arguments: 0..<3)
    func `a listener hears everything in order whatever the others do`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let server = try TestServer(loops: 2) {
            $0.kernelSendBytes = 4_096
            $0.outboxBytes = 8 << 10
            $0.closeTimeout = 20
            $0.sliceMembers = 2
            $0.maxConnections = 20
        }
        let listener = try TestClient.upgraded(server)
        let listening = try server.nextUpgraded()
        let inbox = server.group.inboxes[Int(listening.loop)]
        inbox.post([.enter(listening, GroupID(0))])
        var others: [TestClient] = []
        for number in 0..<400 {
            try trouble(server, &others, &random)
            // Connections of the other loop are nobody in this one.
            for case .upgraded(let connection) in server.toldSoFar() {
                inbox.post([.enter(connection, GroupID(0))])
            }
            inbox.post([.push(GroupID(0), frame: FrameWriter.text(Array("\(number)".utf8) + padding))])
            #expect(try listener.nextText().split(separator: " ").first == "\(number)")
        }
        others.removeAll()
        try listener.send(FrameWriter.close(.normal, mask: 1))
        #expect(try listener.nextClose().code == 1_000)
        #expect(try listener.endsCleanly())
        listener.shutOutput()
        for inbox in server.group.inboxes {
            try server.wait { inbox.metrics.connections.value == 0 }
            #expect(inbox.metrics.outboxBytes.value == 0)
            #expect(inbox.metrics.upgraded.value == 0)
        }
    }

    private let padding = [UInt8](repeating: 0x20, count: 300)

    /// One client does one thing; what it is answered is of no interest, nor whether it could.
    private func trouble(
        _ server: TestServer,
        _ others: inout [TestClient],
        _ random: inout SplitMix
    ) throws {
        let index = others.indices.randomElement(using: &random)
        switch (Int.random(in: 0..<12, using: &random), index) {
        case (0..<4, _), (_, nil):
            guard others.count < 24 else { return }
            let client = try TestClient(server.address, receiveBytes: 4_096)
            others.append(client)
            try? client.send(Array(TestClient.request.prefix(Bool.random(using: &random) ? 40 : 4_000)))
        case (4, .some(let index)): try? others[index].sendText("join")
        case (5, .some(let index)): try? others[index].sendText("last")
        case (6, .some(let index)): try? others[index].send([0x81, 0xfe, 0x01])
        case (7, .some(let index)): try? others[index].send(FrameWriter.ping([1], mask: 5))
        case (8, .some(let index)): others[index].shutOutput()
        case (9, .some(let index)):
            others[index].resetOnRelease()
            others.remove(at: index)
        case (10, .some(let index)): others.remove(at: index)
        case (_, .some(let index)): try? others[index].send(FrameWriter.close(nil, mask: 5))
        }
    }
}
