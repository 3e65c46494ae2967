import SessionProtocol
import Sessions

/// The reply to a join, as far as a pretend person looks at it.
struct Welcome {
    var epoch: Epoch
    var seq: Int
    /// By the server's clock.
    var now: Int64
    var server: String
    var room: RoomID
    var role: String
    var resumed: Bool
    /// Nil when the device goes on where it was.
    var state: State?

    struct State {
        var phase: String
        var account: Account
        /// Own messages that are in it, by their count.
        var own: [Int]
    }

    /// Nil when something is missing that the protocol promises.
    init?(_ ok: JSONObject, of person: Int, number: (String) -> Int) {
        guard let epoch = ok["epoch"]?.text.flatMap({ Epoch(hexadecimal: $0) }), let seq = ok["seq"]?.integer,
            let now = ok["now"]?.integer, let you = ok["you"]?.object, let role = you.string("role"),
            let room = you.room("room"), let resumed = ok["resumed"]?.bool
        else { return nil }
        self.epoch = epoch
        self.seq = Int(seq)
        self.now = now
        self.role = role
        self.room = room
        self.resumed = resumed
        server = ok.string("server") ?? ""
        guard !resumed else { return }
        guard let state = ok["state"]?.object.flatMap({ State($0, of: person, number: number) }) else {
            return nil
        }
        self.state = state
    }
}

extension Welcome.State {
    fileprivate init?(_ state: JSONObject, of person: Int, number: (String) -> Int) {
        guard let phase = state["session"]?.object?.string("phase"), let host = state["host"],
            let participants = state["participants"]?.objects
        else { return nil }
        self.phase = phase
        account = Account()
        account.host = host.text.map { number(String(decoding: $0, as: UTF8.self)) }
        for participant in participants {
            guard let id = participant.string("person"), let role = participant.string("role"),
                let room = participant.room("room")
            else { return nil }
            let index = number(id)
            account.rooms[index] = room
            account.roles[index] = role
        }
        if let breakouts = state["breakouts"]?.object {
            account.closesAt = breakouts["closesAt"]?.integer
            account.openRooms = Set((breakouts["rooms"]?.objects ?? []).compactMap { $0.room("room") })
        }
        own = []
        guard let chat = state["chat"]?.object else { return nil }
        for (_, list) in chat.members {
            for message in list.objects ?? [] where message.string("from").map(number) == person {
                if let count = message["text"]?.text.flatMap(OwnMessage.count) { own.append(count) }
            }
        }
    }
}
