package import Sessions

extension StateWriter {
    /// What this seat alone is told: the chats that it may read, the rooms of which it may ask for more, the requests
    /// for help and the offer to hand over that concern it.
    ///
    /// It takes at most `maxBytes`, if these are enough for empty lists. Requests for help come first, the longest waiting
    /// before the others, then the latest rooms, then the newest messages; what does not fit is left out.
    package static func own(
        _ state: SessionState,
        _ seat: SeatID,
        maxBytes: Int = WireBounds.ownBytes
    ) -> [UInt8] {
        // Last on the wire and first here: the rest may be asked for, these may not.
        var last = JSONWriter(capacity: 512)
        last.help(state, toldTo: seat, maxBytes: maxBytes - WireBounds.emptyOwnBytes)
        last.handoff(state, toldTo: seat)
        var readable = JSONWriter(capacity: 512)
        readable.readable(state, by: seat, maxBytes: maxBytes - last.bytes.count - WireBounds.emptyOwnBytes)

        var writer = JSONWriter(capacity: 2_048)
        let left = maxBytes - last.bytes.count - readable.bytes.count - WireBounds.emptyOwnBytes
        var allowance = MessageAllowance(bytes: min(left, WireBounds.messagesBytes))
        writer.chat(state, by: seat, &allowance)
        writer.encodedMembers(readable.bytes)
        writer.encodedMembers(last.bytes)
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func chat(
        _ state: SessionState,
        by id: SeatID,
        _ allowance: inout MessageAllowance
    ) {
        let seat = state[id]
        // The room that one is in comes first when there is more than a state may hold.
        let own = seat.room == .main ? [] : allowance.newest(of: state.newest(in: .room(seat.room), by: id))
        let main = allowance.newest(of: state.newest(in: .room(.main), by: id))
        let hosts = seat.isHosting ? allowance.newest(of: state.newest(in: .room(.hosts), by: id)) : []
        let direct = allowance.newest(of: state.newestDirect(of: id))

        key("chat")
        beginObject()
        messages("main", main, in: state)
        if seat.room != .main {
            key(Array(seat.room.text.utf8))
            elements(own, in: state)
        }
        if seat.isHosting { messages("hosts", hosts, in: state) }
        messages("direct", direct, in: state)
        endObject()
    }

    /// The latest of the rooms that one may read, in the order of their rounds and numbers.
    fileprivate mutating func readable(_ state: SessionState, by seat: SeatID, maxBytes: Int) {
        let isHosting = state[seat].isHosting
        var told: [Room] = []
        var left = maxBytes
        for room in state.rooms.reversed()
        where room.visitors.contains(seat) || (room.hostsRead && isHosting) {
            left -= WireBounds.readableBytes + 2 * room.setup.name.utf8.count
            guard told.count < WireBounds.readableRooms, left >= 0 else { break }
            told.append(room)
        }
        key("readable")
        beginArray()
        for room in told.reversed() {
            beginObject()
            member("room", room.id)
            member("name", room.setup.name)
            member("round", room.round)
            endObject()
        }
        endArray()
    }

    /// Hosts are told of all requests, others of their own.
    fileprivate mutating func help(_ state: SessionState, toldTo seat: SeatID, maxBytes: Int) {
        let isHosting = state[seat].isHosting
        var left = maxBytes
        key("help")
        beginArray()
        for request in state.help where isHosting || request.from == seat {
            left -= WireBounds.helpBytes + 2 * (request.text?.utf8.count ?? 0)
            guard left >= 0 else { break }
            beginObject()
            member("help", request.id)
            member("person", orNull: isHosting && request.unnamed ? nil : request.from, in: state)
            member("room", request.room)
            member("text", orNull: request.text)
            member("unnamed", request.unnamed)
            member("at", request.at)
            member("claimedBy", orNull: request.claimedBy, in: state)
            endObject()
        }
        endArray()
    }

    /// The offer to hand over, told to hosts and to whom it is made.
    fileprivate mutating func handoff(_ state: SessionState, toldTo seat: SeatID) {
        key("handoff")
        guard let offer = state.offer, state[seat].isHosting || offer.to == seat else {
            null()
            return
        }
        beginObject()
        member("from", offer.from, in: state)
        member("to", offer.to, in: state)
        endObject()
    }
}

extension SessionState {
    fileprivate func newest(in place: ChatPlace, by seat: SeatID) -> [Message] {
        newest(WireBounds.stateMessages, of: place, seenBy: seat, textBytes: WireBounds.stateTextBytes)
            .messages
    }

    /// The newest of all that somebody has written to one person, or one person to them.
    fileprivate func newestDirect(of seat: SeatID) -> [Message] {
        newest(WireBounds.stateMessages, textBytes: WireBounds.stateTextBytes) { message in
            guard case .direct(let to) = message.place else { return false }
            return message.from == seat || to == seat
        }.messages
    }
}
