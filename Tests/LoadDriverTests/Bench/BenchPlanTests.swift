import Testing

@testable import plenary_load

struct BenchPlanTests {
    @Test func `talkers sit among the others of their room`() throws {
        let plan = try BenchPlan(["--dialect", "bare", "--rooms", "2", "--members", "50", "--talkers", "5"])
        #expect(plan.seatsOfTalkers == [0, 10, 20, 30, 40])
        #expect(plan.talkers(of: 100).prefix(4) == [0, 50, 10, 60])
        #expect(plan.talkers(of: 100).count == 10)
    }

    @Test func `as many talkers as members are all of them, and a remainder adds nobody`() throws {
        let all = try BenchPlan(["--dialect", "bare", "--members", "10", "--talkers", "10"])
        #expect(all.seatsOfTalkers == Set(0..<10))
        let some = try BenchPlan(["--dialect", "bare", "--members", "11", "--talkers", "3"])
        #expect(some.seatsOfTalkers == [0, 3, 6])
    }

    @Test(arguments: [
        ["--dialect"], ["--dialect", "morse"], ["--rooms", "0"], ["--nothing", "1"],
        ["--dialect", "plenary"],
        ["--dialect", "bare", "--what", "resume"], ["--dialect", "bare", "--members", "5", "--talkers", "6"],
    ])
    func `what cannot be measured is wrong usage`(arguments: [String]) {
        #expect { try BenchPlan(arguments) } throws: { ($0 as? LoadFault)?.exitCode == 64 }
    }
}
