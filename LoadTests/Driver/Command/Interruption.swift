import Dispatch
import Foundation

/// Ctrl-C: the first asks for the report so far, the second ends at once.
final class Interruption {
    private let count = Count()
    private let sources: [any DispatchSourceSignal]

    init() {
        let count = count
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(
                signal: number,
                queue: DispatchQueue(label: "interruption")
            )
            source.setEventHandler { if count.next() > 1 { exit(130) } }
            source.resume()
            return source
        }
        signal(SIGPIPE, SIG_IGN)
    }

    var hasCome: Bool { count.value > 0 }

    private final class Count: @unchecked Sendable {
        private let lock = NSLock()
        private var number = 0

        var value: Int { lock.withLock { number } }

        func next() -> Int {
            lock.withLock {
                number += 1
                return number
            }
        }
    }
}
