import Foundation
import Testing

@testable import plenary_load

struct ServerUsageTests {
    @Test func `whoever reads about oneself has used memory, and time on a CPU`() {
        let process = ServerUsage(of: getpid())
        let machine = MachineUsage()
        #expect(process.memoryBytes > 1 << 20)
        // Reading takes time itself: at the latest with the next tick some of it shows.
        var used = 0.0
        while used <= 10 || MachineUsage().milliseconds(since: machine) <= 0 {
            used = ServerUsage(of: getpid()).milliseconds(since: process)
        }
        #expect(ServerUsage(of: getpid()).milliseconds(since: process) >= used)
    }

    @Test func `a process that is not there uses nothing`() {
        let nobody = ServerUsage(of: -1)
        #expect(nobody.memoryBytes == 0)
        #expect(nobody.milliseconds(since: nobody) == 0)
    }
}
