import Fanout
import Testing
import Transport
import WebSocket

/// Groups over real sockets; their rules are tested in the hub's own tests.
@Suite(.timeLimit(.minutes(2)))
struct GroupDeliveryTests {
    private func text(_ text: String) -> [UInt8] {
        FrameWriter.text(Array(text.utf8))
    }

    @Test func `a large group in slices and replies between them: everybody hears all in order`() throws {
        let server = try TestServer { $0.sliceMembers = 3 }
        let clients = try (0..<20).map { _ in try TestClient.upgraded(server) }
        var names: [ConnectionID] = []
        for _ in clients {
            names.append(try server.nextUpgraded())
        }
        let inbox = server.group.inboxes[0]
        inbox.post(names.map { .enter($0, GroupID(5)) })
        for round in 0..<50 {
            inbox.post([.push(GroupID(5), frame: text("push \(round)"))])
            inbox.post([.reply(names[round % 20], frame: text("reply \(round)"), exempt: false)])
        }
        for client in clients {
            var last = -1
            while last < 49 {
                let heard = try client.nextText()
                if heard.hasPrefix("push ") {
                    last += 1
                    #expect(heard == "push \(last)")
                } else {
                    #expect(heard == "reply \(last)")
                }
            }
        }
        try server.wait { server.metrics.deliveries.value == 1_000 }
    }

    @Test func `who moves hears each group while in it`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        let connection = try server.nextUpgraded()
        let inbox = server.group.inboxes[0]
        for group in 0..<20 {
            inbox.post([
                .enter(connection, GroupID(UInt32(group))),
                .push(GroupID(UInt32(group)), frame: text("in \(group)")),
                .push(GroupID(UInt32(group + 1)), frame: text("not here yet")),
            ])
        }
        for group in 0..<20 {
            #expect(try client.nextText() == "in \(group)")
        }
    }
}
