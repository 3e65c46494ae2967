internal import Dispatch
internal import Foundation
internal import Synchronization

/// Says on standard error what happens: one JSON object a line, or text for people.
///
/// Any thread may write, and none ever waits for the reader of standard error: lines go through a queue that is
/// bounded in bytes and has a thread of its own. What does not fit is counted and said later; a write that fails
/// (a full disk, a pipe without a reader) is forgotten. The service is worth more than its log.
package final class Log: Sendable {
    /// What a line looks like.
    package enum Form: String, Sendable {
        case json
        case text
    }

    static let maxWaitingBytes = 1 << 20
    /// A repeatable event is written once in so many milliseconds.
    static let quietMilliseconds: Int64 = 60_000

    private let form: Form
    private let clock: LogClock
    private let sink: @Sendable ([UInt8]) -> Void
    private let queue = DispatchQueue(label: "plenary.log")
    private let waitingBytes = Atomic<Int>(0)
    private let lostLines = Atomic<Int>(0)
    private let gates = LogEvent.allCases.map { _ in RepeatGate() }

    /// A log on standard error, or wherever `sink` puts its lines.
    package init(
        form: Form,
        clock: LogClock = .system,
        sink: @escaping @Sendable ([UInt8]) -> Void = Log.writeToStandardError
    ) {
        self.form = form
        self.clock = clock
        self.sink = sink
    }

    /// Writes a line, unless the event is repeatable and was written less than a minute ago.
    package func write(_ event: LogEvent, _ fields: [LogField] = []) {
        write(event) { fields }
    }

    /// The same; what the line says is only asked for when it is written.
    package func write(_ event: LogEvent, saying fields: () -> [LogField]) {
        guard event.isRepeatable else { return emit(event, fields(), heldBack: 0) }
        guard let heldBack = gate(event).pass(at: clock.steady(), quiet: Self.quietMilliseconds) else {
            return
        }
        emit(event, fields(), heldBack: heldBack)
    }

    /// Waits until everything is written, but not for ever; first says what was held back in the last minute.
    package func flush() {
        for event in LogEvent.allCases where event.isRepeatable {
            let heldBack = gate(event).takeHeldBack()
            if heldBack > 0 { emit(event, [], heldBack: heldBack) }
        }
        let written = DispatchSemaphore(value: 0)
        queue.async { written.signal() }
        _ = written.wait(timeout: .now() + .seconds(2))
    }

    /// Where lines go when nobody says otherwise.
    package static func writeToStandardError(_ line: [UInt8]) {
        try? FileHandle.standardError.write(contentsOf: Data(line))
    }

    private func gate(_ event: LogEvent) -> RepeatGate {
        gates[LogEvent.allCases.firstIndex(of: event) ?? 0]
    }

    private func emit(_ event: LogEvent, _ fields: [LogField], heldBack: Int) {
        var fields = fields
        if heldBack > 0 { fields.append(.number("more", heldBack)) }
        let lost = lostLines.exchange(0, ordering: .relaxed)
        if lost > 0, !enqueue(.logLinesLost, [.number("lines", lost)]) {
            lostLines.wrappingAdd(lost, ordering: .relaxed)
        }
        if !enqueue(event, fields) { lostLines.wrappingAdd(1, ordering: .relaxed) }
    }

    /// False: there was no room.
    private func enqueue(_ event: LogEvent, _ fields: [LogField]) -> Bool {
        let line = LogLine(event: event, at: clock.wall(), fields: fields).bytes(form)
        let waiting = waitingBytes.wrappingAdd(line.count, ordering: .relaxed).newValue
        guard waiting <= Self.maxWaitingBytes else {
            waitingBytes.wrappingSubtract(line.count, ordering: .relaxed)
            return false
        }
        queue.async { [self] in
            sink(line)
            waitingBytes.wrappingSubtract(line.count, ordering: .relaxed)
        }
        return true
    }
}

/// The two times that a log needs, in milliseconds: one for people, and one that never jumps.
package struct LogClock: Sendable {
    package var wall: @Sendable () -> Int64
    package var steady: @Sendable () -> Int64

    package init(wall: @escaping @Sendable () -> Int64, steady: @escaping @Sendable () -> Int64) {
        self.wall = wall
        self.steady = steady
    }

    /// The machine's.
    package static let system = LogClock(
        wall: { Int64(Date().timeIntervalSince1970 * 1_000) },
        steady: { Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000) }
    )
}

/// Lets one event through and counts the others until the quiet time is over.
final class RepeatGate: Sendable {
    private let quietUntil = Atomic<Int64>(.min)
    private let heldBack = Atomic<Int>(0)

    /// How many were held back since the last one that passed; nil when this one does not pass.
    func pass(at now: Int64, quiet: Int64) -> Int? {
        let until = quietUntil.load(ordering: .relaxed)
        // Of two threads at the same moment one wins; the other is held back.
        guard now >= until,
            quietUntil.compareExchange(expected: until, desired: now + quiet, ordering: .relaxed).exchanged
        else {
            heldBack.wrappingAdd(1, ordering: .relaxed)
            return nil
        }
        return takeHeldBack()
    }

    func takeHeldBack() -> Int {
        heldBack.exchange(0, ordering: .relaxed)
    }
}
