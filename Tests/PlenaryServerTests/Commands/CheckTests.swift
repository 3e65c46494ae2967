import Foundation
import SessionEngine
import Sessions
import Testing
import Transport

@testable import PlenaryServer

/// What `plenary check` says of a configuration on a machine that is made up.
struct CheckTests {
    private let folder = URL(fileURLWithPath: NSTemporaryDirectory()).appending(
        component: "check-\(UUID().uuidString)"
    )
    private let machine = Machine(
        now: 1_790_000_000_000,
        descriptors: 100_000,
        memory: 1 << 50,
        free: { _ in 1 << 40 },
        mode: { _ in 0o600 }
    )

    /// One in which all is well.
    private func configuration() throws -> Configuration {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let secret = folder.appending(component: "secret")
        try Data(repeating: 0x61, count: 40).write(to: secret)
        var configuration = Configuration()
        configuration.listen = PeerAddress(ipv4: 0x7F00_0001, port: 0)
        configuration.data = folder.appending(component: "data").path
        configuration.secretFile = secret.path
        return configuration
    }

    private func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    @Test func `where all is well nothing is found`() throws {
        defer { remove() }
        #expect(try Inspection(configuration(), on: machine).findings() == [])
    }

    @Test func `what a server needs is asked for`() throws {
        let found = Inspection(Configuration(), on: machine).findings().filter(\.isProblem).map(\.sentence)
        #expect(
            found.prefix(2) == [
                "There is no folder for the journal: give --data DIR.",
                "There is no key of tickets: give --secret-file FILE or --keys-file FILE.",
            ]
        )
    }

    @Test func `each thing that is amiss is said with its cure, and notes are none`() throws {
        defer { remove() }
        var configuration = try configuration()
        var machine = machine
        machine.descriptors = 1_000
        machine.memory = 1 << 32
        machine.free = { _ in 1 << 20 }
        machine.mode = { _ in 0o604 }
        configuration.listen = PeerAddress(ipv4: 0, port: 0)
        let found = Inspection(configuration, on: machine).findings()
        let problems = found.filter(\.isProblem).map(\.sentence)
        let notes = found.filter { !$0.isProblem }.map(\.sentence)
        try #require(problems.count == 1 && notes.count == 4)
        #expect(
            notes[0]
                == "Others on this machine can get at \(folder.path)/secret, a file of keys: chmod 600 \(folder.path)/secret"
        )
        #expect(
            problems[0].hasPrefix("There are 1.0 MiB free where \(folder.path) is; the journal needs 512 MiB")
        )
        #expect(notes[1].hasPrefix("Beyond this machine 0.0.0.0:0 speaks plain HTTP"))
        #expect(
            notes[2].hasPrefix("1000 descriptors let 900 connections in, not the 20000 of max-connections")
        )
        #expect(notes[3].contains("this machine has 4.0 GiB. Lower --max-seats"))
    }

    @Test func `a listener for operators is told when other machines can reach it`() throws {
        defer { remove() }
        var configuration = try configuration()
        configuration.admin = PeerAddress(ipv4: 0x7F00_0001, port: 0)
        #expect(Inspection(configuration, on: machine).findings() == [])
        configuration.admin = PeerAddress(ipv4: 0, port: 0)
        let found = Inspection(configuration, on: machine).findings()
        try #require(found.count == 1 && !found[0].isProblem)
        #expect(
            found[0].sentence.hasPrefix("Beyond this machine 0.0.0.0:0 of --admin asks nobody for a ticket")
        )
        #expect(found[0].sentence.contains("listen on loopback (--admin 127.0.0.1:0)"))
    }

    @Test func `a taken address is a problem, unless a server runs on the folder`() throws {
        defer { remove() }
        let listener = try Listener(on: PeerAddress(ipv4: 0x7F00_0001, port: 0))
        var configuration = try configuration()
        configuration.listen = listener.address
        let found = Inspection(configuration, on: machine).findings()
        #expect(found.count == 1 && found[0].isProblem)
        #expect(
            found[0].sentence.hasPrefix(
                "\(listener.address) cannot be listened on (bind: Address already in use)"
            )
        )
    }

    @Test func `a folder that is none, or cannot be made, is a problem`() throws {
        defer { remove() }
        var configuration = try configuration()
        configuration.data = configuration.secretFile
        #expect(
            Inspection(configuration, on: machine).findings().map(\.sentence)
                == ["\(folder.path)/secret is no folder: choose another with --data."]
        )
        configuration.data = "/nowhere/at/all"
        #expect(
            Inspection(configuration, on: machine).findings().map(\.sentence)
                == [
                    "/nowhere/at/all is not there, and /nowhere/at is no folder in which it could be made: make that one "
                        + "first, so that this user can write to it, or choose another with --data."
                ]
        )
    }

    @Test func `the ceiling counts every connection, and says how many fit`() throws {
        var configuration = Configuration()
        configuration.transport.maxConnections = 100
        let ceiling = MemoryCeiling(configuration, descriptors: 100_000)
        #expect(ceiling.connections == 100)
        configuration.transport.maxConnections = 101
        let larger = MemoryCeiling(configuration, descriptors: 100_000)
        #expect(larger.bytes - ceiling.bytes == ceiling.connectionBytes)
        configuration.sessions.roomsPerRound += 1
        let ofMoreRooms = MemoryCeiling(configuration, descriptors: 100_000)
        // Everybody may have been in each of them, in every round.
        let visits = configuration.engine.seats * configuration.sessions.roundsPerSession
        #expect(ofMoreRooms.sessionsBytes - larger.sessionsBytes >= visits * MemoryLayout<Int>.stride)
        #expect(ceiling.connections(within: ceiling.bytes) == 100)
        #expect(ceiling.connections(within: ceiling.bytes - 1) == 99)
        #expect(ceiling.connections(within: 0) == 0)
        #expect(MemoryCeiling(configuration, descriptors: 50).connections == 45)
    }
}
