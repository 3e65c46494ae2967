// A server that is killed and started again, and everybody who comes back.
extension BenchCrowd {
    /// What a restart took, in nanoseconds of the crowd's clock.
    struct Return {
        /// When the first connection was seen to be gone.
        var lostAt: UInt64 = 0
        /// When the first handshake with the new server was done.
        var backAt: UInt64 = 0
        var allBackAt: UInt64 = 0
        /// Those who went on where they had been; the others were told the whole state.
        var resumed = 0
    }

    /// Waits until the server is gone, then lets everybody come back as fast as it takes them.
    ///
    /// One member knocks until somebody answers; then come all others, as many at a time as at the beginning. People
    /// would wait a while, each as long as a die says; this is the storm that they are spread out for.
    func comeBack() throws(LoadFault) -> Return {
        var found = Return()
        let patience = Self.now() + 120_000_000_000
        while lostConnections == 0, Self.now() < patience { turn(atMostMilliseconds: 1_000) }
        found.lostAt = Self.now()
        while hereCount > 0, Self.now() < patience { turn(atMostMilliseconds: 1_000) }
        newlyOpen = []
        while openCount == 0, Self.now() < patience {
            if members[0].stage == .gone { try connect(0) }
            // A refusal comes at once; two milliseconds later somebody may listen.
            turn(atMostMilliseconds: 2)
        }
        found.backAt = Self.now()
        lostConnections = 0
        var next = 1
        while hereCount < members.count {
            for index in newlyOpen {
                openCount -= 1
                ask(index, try joinCommand(index))
            }
            newlyOpen.removeAll(keepingCapacity: true)
            while next < members.count, next - hereCount < Self.atOnce {
                try connect(next)
                next += 1
            }
            turn(atMostMilliseconds: 1_000)
            try checkLosses()
            guard Self.now() < patience else { throw .unreachable("only \(hereCount) came back") }
        }
        found.allBackAt = Self.now()
        found.resumed = members.count { $0.hasResumed }
        return found
    }
}
