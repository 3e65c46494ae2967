import Testing

@testable import Transport

struct TimerWheelTests {
    private func expired(_ wheel: inout TimerWheel, _ now: Int64) -> [UInt32] {
        var slots: [UInt32] = []
        wheel.expire(at: now, into: &slots)
        return slots.sorted()
    }

    @Test func `a slot comes when its moment has come, not before, and once`() {
        var wheel = TimerWheel(grain: 10, now: 1_000)
        #expect(wheel.nextMoment == nil)
        wheel.schedule(3, at: 1_055)
        wheel.schedule(4, at: 1_030)
        #expect(wheel.nextMoment == 1_030)
        #expect(expired(&wheel, 1_029) == [])
        #expect(expired(&wheel, 1_030) == [4])
        #expect(wheel.nextMoment == 1_060)
        #expect(expired(&wheel, 1_059) == [])
        #expect(expired(&wheel, 1_200) == [3])
        #expect(wheel.nextMoment == nil)
        #expect(expired(&wheel, 9_999_999) == [])
    }

    @Test func `an earlier moment counts, a later one does not`() {
        var wheel = TimerWheel(grain: 1, now: 0)
        wheel.schedule(0, at: 50)
        wheel.schedule(0, at: 100)
        wheel.schedule(0, at: 20)
        #expect(expired(&wheel, 19) == [])
        #expect(expired(&wheel, 20) == [0])
        #expect(expired(&wheel, 500) == [])
    }

    @Test func `what is cancelled does not come`() {
        var wheel = TimerWheel(grain: 1, now: 0)
        for slot in 0..<5 as Range<UInt32> {
            wheel.schedule(slot, at: 10)
        }
        wheel.cancel(2)
        wheel.cancel(0)
        wheel.cancel(4)
        wheel.cancel(99)
        #expect(expired(&wheel, 10) == [1, 3])
    }

    @Test func `a moment beyond the round comes early, never late`() {
        var wheel = TimerWheel(grain: 1, now: 0)
        wheel.schedule(1, at: 100_000)
        let moment = wheel.nextMoment
        #expect(moment.map { $0 > 400 && $0 <= 512 } == true)
        #expect(expired(&wheel, 600) == [1])
    }

    @Test func `a moment in the past comes with the next grain`() {
        var wheel = TimerWheel(grain: 10, now: 1_000)
        wheel.schedule(1, at: 5)
        #expect(expired(&wheel, 1_010) == [1])
    }

    @Test(arguments: 0..<8)
    func `it does what a list of moments does`(seed: UInt64) {
        var random = SplitMix(state: seed)
        var wheel = TimerWheel(grain: 4, now: 0)
        var moments: [UInt32: Int64] = [:]
        var now: Int64 = 0
        for _ in 0..<3_000 {
            let slot = UInt32.random(in: 0..<40, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let moment = now + Int64.random(in: 1..<1_500, using: &random)
                moments[slot] = min(moment, moments[slot] ?? .max)
                wheel.schedule(slot, at: moment)
            case 5:
                moments[slot] = nil
                wheel.cancel(slot)
            default:
                now += Int64.random(in: 0..<300, using: &random)
                var slots: [UInt32] = []
                wheel.expire(at: now, into: &slots)
                for slot in slots {
                    // Early only because it was beyond the round: then the loop puts it back.
                    let moment = moments.removeValue(forKey: slot)
                    #expect(moment != nil)
                }
                let late = moments.values.filter { $0 + 4 <= now }
                #expect(late.isEmpty)
            }
        }
    }
}
