import Foundation
import Transport

/// `plenary-load bench …`: one measurement of one server, for `make bench` and `make bench-growth`.
enum BenchCommand {
    /// Runs with the arguments behind `bench` and answers the exit code.
    static func run(_ arguments: [String]) -> Int32 {
        if arguments.contains("--help") {
            say(BenchPlan.usage)
            return 0
        }
        do throws(LoadFault) {
            let plan = try BenchPlan(arguments)
            var run = try BenchRun(plan)
            let measurement =
                switch plan.what {
                case .saturation: try run.saturation()
                case .idle: try run.idle()
                case .resume: try run.resuming { say("ready") }
                case .pace: try run.pacing { say("ready") }
                }
            say(try json(measurement))
            return 0
        } catch {
            FileHandle.standardError.write(Data("plenary-load bench: \(error.sentence)\n".utf8))
            return error.exitCode
        }
    }

    private static func json(_ measurement: BenchMeasurement) throws(LoadFault) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let json = try? encoder.encode(measurement) else { throw .data("a figure is no number") }
        return String(decoding: json, as: UTF8.self)
    }

    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}

/// What one run found; CPU is time on a CPU, whatever the machine was busy with besides.
struct BenchMeasurement: Encodable {
    var connections = 0
    /// Of the server, for each connection.
    var handshakeMicroseconds: Double?
    var joinMicroseconds: Double?
    /// What the server's memory grew by, for each connection that has joined and says nothing.
    var idleBytes: Double?

    var seconds: Double?
    var deliveries: Int?
    var deliveriesPerSecond: Double?
    /// Of the server, for 100,000 deliveries.
    var serverMilliseconds: Double?
    /// How much of a core the server, this client and everybody else used.
    var serverShare: Double?
    var clientShare: Double?
    var othersShare: Double?
    /// Deliveries for each read of this client, and by the server's own count (nil if it has none) for each write.
    var deliveriesPerRead: Double?
    var deliveriesPerWrite: Double?
    /// Deliveries that never came or came twice, of all phases.
    var lost: Int?

    /// Deliveries a second of the phase that asks how long one takes; the times; how late this client itself was (p99).
    var halfRate: Double?
    var p50Milliseconds: Double?
    var p99Milliseconds: Double?
    var p999Milliseconds: Double?
    var lateMilliseconds: Double?
    /// Messages that were said at a pace (see `BenchAcknowledgements.taken`), and those that never were acknowledged.
    var acknowledgements: [[Int]]?
    var unacknowledged: Int?

    /// Who went on where they had been, and how long it took until everybody was back.
    var resumed: Int?
    var resumeSecondsFromKill: Double?
    var resumeSecondsFromListening: Double?
}
