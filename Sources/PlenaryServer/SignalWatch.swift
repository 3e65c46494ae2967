package import Dispatch
internal import Foundation

/// Turns the signals that end a server, or make it read its files again, into calls on a queue.
///
/// The first signal asks the server to drain. A second one, from somebody who does not want to wait, reaches the
/// same handler with a higher count; what it then does is the handler's business.
package final class SignalWatch {
    private let sources: [any DispatchSourceSignal]

    /// Watches SIGTERM and SIGINT from now on; `end` gets the signal's name and how many have come so far.
    ///
    /// With `reload` SIGHUP is watched too, and calls that. Returns when all are watched. Dispatch takes a signal over
    /// a while after `resume`; one that came before, and had been set to be ignored meanwhile, would be lost, and a
    /// server that was told to end would go on.
    package init(
        on queue: DispatchQueue = DispatchQueue(label: "plenary.signals"),
        reload: (@Sendable () -> Void)? = nil,
        end: @escaping @Sendable (_ signal: String, _ count: Int) -> Void
    ) {
        let count = SignalCount()
        let watched = DispatchGroup()
        var handlers: [(Int32, @Sendable () -> Void)] = [
            (SIGTERM, { end("SIGTERM", count.next()) }), (SIGINT, { end("SIGINT", count.next()) }),
        ]
        if let reload { handlers.append((SIGHUP, reload)) }
        sources = handlers.map { number, handler in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler(handler: handler)
            watched.enter()
            source.setRegistrationHandler { watched.leave() }
            source.resume()
            return source
        }
        watched.wait()
    }

    /// A write to a closed socket or pipe, or beyond the length that files may have (`ulimit -f`), is an error for
    /// whoever writes, and no reason to die without a word.
    package static func ignoreFailedWrites() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    deinit {
        for source in sources { source.cancel() }
    }
}

/// Touched on the watch's queue alone.
private final class SignalCount: @unchecked Sendable {
    private var count = 0

    func next() -> Int {
        count += 1
        return count
    }
}
