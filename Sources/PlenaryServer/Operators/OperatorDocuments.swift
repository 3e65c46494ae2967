import Journal
import SessionProtocol
import Sessions

/// Sessions as operators are told of them.
enum SessionListing {
    /// Those in memory.
    static func list(_ states: [SessionState]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("sessions")
        writer.beginArray()
        for state in states { writer.session(state, isArchived: false) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// One session.
    static func one(_ state: SessionState, isArchived: Bool) -> [UInt8] {
        var writer = JSONWriter()
        writer.session(state, isArchived: isArchived)
        return writer.bytes
    }
}

/// How many members, communities and sessions there were: all, and per community.
enum CountersDocument {
    static func json(of counters: Sessions.Counters) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("all")
        writer.beginObject()
        writer.members(of: counters.all)
        writer.member("communities", counters.communities.count)
        writer.endObject()
        writer.key("communities")
        writer.beginArray()
        for community in counters.communities {
            writer.beginObject()
            writer.member("community", community.name.utf8)
            writer.members(of: community.row)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}

/// What an erasure has come to.
enum ErasureDocument {
    /// `sessions` are those in memory that were touched.
    static func json(of report: ErasingReport, sessions: [SessionID]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("done", report.isComplete)
        writer.ids("inMemory", sessions)
        writer.ids("archivesRewritten", report.archivesRewritten)
        writer.ids("archivesRemoved", report.archivesRemoved)
        writer.member("segmentsRewritten", report.segmentsRewritten)
        writer.member("recordsForgotten", report.recordsForgotten)
        writer.key("problems")
        writer.beginArray()
        for fault in report.faults { writer.string(Array(fault.description.utf8)) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func session(_ state: SessionState, isArchived: Bool) {
        beginObject()
        member("session", plain: state.id.text)
        member("community", state.community.utf8)
        member("title", state.title.utf8)
        member("phase", state.phase.wireName)
        member("createdAt", state.createdAt)
        member("startedAt", orNull: state.startedAt)
        member("endedAt", orNull: state.endedAt)
        member("here", isArchived ? 0 : state.attachedCount)
        member("people", state.seats.count { $0.role != .observer })
        member("peak", state.peak)
        member("archived", isArchived)
        member("rehearsal", state.isRehearsal)
        endObject()
    }

    fileprivate mutating func members(of row: Sessions.Counters.Row) {
        member("membersSeen", row.membersSeen)
        member("sessionsHeld", row.sessionsHeld)
        member("sessionsAttended", row.sessionsAttended)
    }

    fileprivate mutating func ids(_ name: JSONLiteral, _ ids: [SessionID]) {
        key(name)
        beginArray()
        for id in ids { string(plain: id.text) }
        endArray()
    }

    /// A time, or null.
    mutating func member(_ name: JSONLiteral, orNull time: Milliseconds?) {
        key(name)
        if let time { integer(time) } else { null() }
    }
}
