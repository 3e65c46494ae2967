import Fanout
import Testing
import WebSocket

struct HubTests {
    let bench = Bench()

    @Test func `everybody in a group is sent one shared buffer, with one write each`() {
        let members = (0..<5).map { _ in bench.open() }
        for member in members {
            #expect(bench.carryOut(.enter(member, GroupID(7))) == nil)
        }
        bench.carryOut(push(7, "one."))
        bench.carryOut(push(7, "two."))
        bench.sendAll()
        for member in members {
            #expect(bench.text(member) == "one.two.")
        }
        #expect(bench.writes == 5)
        #expect(bench.deliveries == 10)
        #expect(!bench.hasUnsent)
        #expect(bench.openBytes == 0)
    }

    @Test func `who is replied to among pushes hears all in order, with one write`() {
        let asker = bench.open()
        let other = bench.open()
        for member in [asker, other] {
            bench.carryOut(.enter(member, GroupID(0)))
        }
        bench.carryOut(push(0, "a"))
        bench.carryOut(reply(asker, "(re 1)"))
        bench.carryOut(push(0, "b"))
        bench.carryOut(reply(asker, "(re 2)"))
        bench.carryOut(push(0, "c"))
        bench.sendAll()
        #expect(bench.text(asker) == "a(re 1)b(re 2)c")
        #expect(bench.text(other) == "abc")
        #expect(bench.writes == 2)
    }

    @Test func `who changes groups hears the old one up to there and the new one from there`() {
        let walker = bench.open()
        let stays = bench.open()
        let waits = bench.open()
        bench.carryOut(.enter(walker, GroupID(0)))
        bench.carryOut(.enter(stays, GroupID(0)))
        bench.carryOut(.enter(waits, GroupID(1)))
        bench.carryOut(push(0, "old1 "))
        bench.carryOut(push(1, "new1 "))
        bench.carryOut(.enter(walker, GroupID(1)))
        bench.carryOut(push(0, "old2 "))
        bench.carryOut(push(1, "new2 "))
        bench.sendAll()
        #expect(bench.text(walker) == "old1 new2 ")
        #expect(bench.text(stays) == "old1 old2 ")
        #expect(bench.text(waits) == "new1 new2 ")
    }

    @Test
    func `a close hands the connection back with all that was pending, and nothing comes after`() {
        let leaver = bench.open()
        bench.carryOut(.enter(leaver, GroupID(0)))
        bench.carryOut(push(0, "before "))
        let closing = bench.carryOut(.close(leaver, .normal, reason: frame("over")))
        #expect(closing == Closing(slot: leaver.slot, code: .normal, reason: frame("over")))
        bench.hub.append(frame("[close]"), to: leaver.slot)
        bench.carryOut(push(0, "after "))
        bench.carryOut(reply(leaver, "after "))
        bench.carryOut(.enter(leaver, GroupID(1)))
        #expect(bench.carryOut(.close(leaver, .normal, reason: [])) == nil)
        bench.sendAll()
        #expect(bench.text(leaver) == "before [close]")
    }

    @Test func `a delivery for an earlier generation of a slot finds nobody`() {
        let first = bench.open()
        bench.hub.release(first.slot)
        let second = bench.open()
        #expect(second.slot == first.slot)
        #expect(second.generation != first.generation)
        #expect(bench.slot(of: first) == nil)
        #expect(bench.connection(in: second.slot) == second)
        bench.carryOut(reply(first, "late"))
        bench.carryOut(.enter(first, GroupID(0)))
        bench.carryOut(push(0, "late"))
        #expect(bench.carryOut(.close(first, .normal, reason: [])) == nil)
        bench.sendAll()
        #expect(bench.writes == 0)
    }

    @Test func `a connection of another loop finds nobody`() {
        let own = bench.open()
        let foreign = ConnectionID(loop: 4, slot: own.slot, generation: own.generation)
        #expect(bench.slot(of: foreign) == nil)
        #expect(bench.slot(of: ConnectionID(loop: 3, slot: 9, generation: 0)) == nil)
    }

    @Test func `a group's number is used again, and the new members hear nothing old`() {
        let old = bench.open()
        bench.carryOut(.enter(old, GroupID(2)))
        bench.carryOut(push(2, "old"))
        bench.hub.release(old.slot)
        let new = bench.open()
        bench.carryOut(.enter(new, GroupID(2)))
        bench.carryOut(push(2, "new"))
        bench.sendAll()
        #expect(bench.text(new) == "new")
        #expect(bench.openBytes == 0)
    }

    @Test func `a push to a group without members costs nothing`() {
        bench.carryOut(push(5, "nobody"))
        #expect(bench.deliveries == 0)
        #expect(!bench.hasUnsent)
    }

    @Test func `a large group is served in slices, and a small one does not wait for it`() {
        let bench = Bench(OutboxLimits(sliceMembers: 4))
        let many = (0..<10).map { _ in bench.open() }
        let few = (0..<2).map { _ in bench.open() }
        for member in many {
            bench.carryOut(.enter(member, GroupID(0)))
        }
        for member in few {
            bench.carryOut(.enter(member, GroupID(1)))
        }
        bench.carryOut(push(0, "large1 "))
        bench.sendAll()
        #expect(bench.writes == 4)
        #expect(bench.hasUnsent)
        bench.carryOut(push(1, "small"))
        bench.carryOut(push(0, "large2 "))
        // One who has been served and one who has not get replies behind what they have still to hear.
        bench.carryOut(reply(many[0], "(re 0)"))
        bench.carryOut(reply(many[9], "(re 9)"))
        bench.sendAll()
        #expect(few.map { bench.text($0) } == ["small", "small"])
        while bench.hasUnsent {
            bench.sendAll()
        }
        #expect(bench.text(many[0]) == "large1 large2 (re 0)")
        #expect(bench.text(many[9]) == "large1 large2 (re 9)")
        #expect(bench.text(many[5]) == "large1 large2 ")
    }
}
