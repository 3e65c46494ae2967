internal import Synchronization

/// What goes from one stage of the ring to the next: in order, bounded in bytes, taken out all at once.
///
/// Many threads may post, one takes. Two kinds of producer:
/// - a loop never waits. It posts with `post`, which always takes, and asks `isFull` before it reads more from
///   its sockets, so what is inside can exceed the limit by one turn's reading and no more;
/// - the engine and the journal wait for space ahead of them with `postWaiting`.
///
/// The consumer blocks in `wait`, or is an event loop: then `onArrival` wakes it, and it calls `take`.
package final class Mailbox<Element: Sendable>: @unchecked Sendable {
    /// How a blocking `wait` ended.
    package enum Arrival: Sendable, Equatable {
        case elements
        case deadline
        /// Closed, and everything that was posted before has been taken.
        case closed
    }

    private let limitBytes: Int
    private let onArrival: (@Sendable () -> Void)?
    private let onSpace: (@Sendable () -> Void)?
    private let monitor = Monitor()
    private let full = Atomic<Bool>(false)
    private let fill = Atomic<Int>(0)
    /// What the elements weighed that were taken last.
    ///
    /// Of the consumer's thread.
    package private(set) var takenBytes = 0
    // Under the monitor's lock.
    private var elements: [Element] = []
    private var bytes = 0
    private var isClosed = false
    private var isWoken = false
    private var waiters = 0

    /// An empty mailbox.
    ///
    /// `onArrival` is called, on the posting thread, when the mailbox stops being empty; `onSpace`, on the taking
    /// thread, when a full one has been emptied: it wakes the loops that stopped reading.
    package init(
        limitBytes: Int = 8 << 20,
        onArrival: (@Sendable () -> Void)? = nil,
        onSpace: (@Sendable () -> Void)? = nil
    ) {
        self.limitBytes = limitBytes
        self.onArrival = onArrival
        self.onSpace = onSpace
    }

    /// Whether its bytes have reached the limit; cheap enough to ask before every read.
    package var isFull: Bool {
        full.load(ordering: .relaxed)
    }

    /// The bytes inside, for metrics.
    package var byteCount: Int {
        fill.load(ordering: .relaxed)
    }

    /// Takes the elements in whatever the fill is; `bytes` is what they weigh together.
    ///
    /// After `close` they are dropped, and false is returned.
    @discardableResult
    package func post(_ posted: [Element], bytes postedBytes: Int) -> Bool {
        var posted = posted
        return post(&posted, bytes: postedBytes, waiting: false)
    }

    /// The same for a producer that fills one array again and again: it is empty afterwards, and nothing was copied.
    @discardableResult
    package func post(all posted: inout [Element], bytes postedBytes: Int) -> Bool {
        post(&posted, bytes: postedBytes, waiting: false)
    }

    /// The same for a producer that may wait: returns once there was space, or false if the mailbox was closed.
    @discardableResult
    package func postWaiting(_ posted: [Element], bytes postedBytes: Int) -> Bool {
        var posted = posted
        return post(&posted, bytes: postedBytes, waiting: true)
    }

    private func post(_ posted: inout [Element], bytes postedBytes: Int, waiting: Bool) -> Bool {
        if posted.isEmpty {
            return true
        }
        defer { posted.removeAll(keepingCapacity: true) }
        var wasEmpty = false
        let taken = monitor.withLock {
            while waiting, bytes >= limitBytes, !isClosed {
                waiters += 1
                _ = monitor.wait(until: nil)
                waiters -= 1
            }
            if isClosed {
                return false
            }
            wasEmpty = elements.isEmpty
            if wasEmpty {
                swap(&elements, &posted)
            } else {
                elements.append(contentsOf: posted)
            }
            setBytes(bytes + postedBytes)
            if waiters > 0 {
                monitor.wakeAll()
            }
            return true
        }
        if taken, wasEmpty {
            onArrival?()
        }
        return taken
    }

    /// Moves everything that is inside to the end of `batch` without waiting; false if there was nothing.
    package func take(into batch: inout [Element]) -> Bool {
        var wasFull = false
        let took = monitor.withLock {
            moveAll(into: &batch, wasFull: &wasFull)
        }
        if wasFull {
            onSpace?()
        }
        return took
    }

    /// Waits until there is something, at most for the given time, and moves all of it to the end of `batch`.
    package func wait(atMostMilliseconds limit: Int64? = nil, into batch: inout [Element]) -> Arrival {
        let deadline = limit.map { Monitor.monotonicMilliseconds() + max(0, $0) }
        var wasFull = false
        let arrival: Arrival = monitor.withLock {
            while elements.isEmpty {
                if isClosed {
                    return .closed
                }
                if isWoken {
                    isWoken = false
                    return .deadline
                }
                waiters += 1
                let inTime = monitor.wait(until: deadline)
                waiters -= 1
                if !inTime, elements.isEmpty {
                    return isClosed ? .closed : .deadline
                }
            }
            _ = moveAll(into: &batch, wasFull: &wasFull)
            return .elements
        }
        if wasFull {
            onSpace?()
        }
        return arrival
    }

    /// Ends a blocking `wait`, the current or the next one, though nothing has come, as its deadline would.
    package func wake() {
        monitor.withLock {
            isWoken = true
            monitor.wakeAll()
        }
    }

    /// Nothing is taken in any more; whoever waits is released.
    ///
    /// What is inside can still be taken.
    package func close() {
        monitor.withLock {
            isClosed = true
            monitor.wakeAll()
        }
        onArrival?()
    }

    private func moveAll(into batch: inout [Element], wasFull: inout Bool) -> Bool {
        if elements.isEmpty {
            return false
        }
        if batch.isEmpty {
            // The two arrays change places, so that neither side allocates in the long run.
            swap(&batch, &elements)
        } else {
            batch.append(contentsOf: elements)
            elements.removeAll(keepingCapacity: true)
        }
        wasFull = bytes >= limitBytes
        takenBytes = bytes
        setBytes(0)
        if waiters > 0 {
            monitor.wakeAll()
        }
        return true
    }

    private func setBytes(_ count: Int) {
        bytes = count
        fill.store(count, ordering: .relaxed)
        full.store(count >= limitBytes, ordering: .relaxed)
    }
}
