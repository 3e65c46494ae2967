internal import CLinux
internal import Glibc

/// A named thread of the operating system that runs one body to its end.
///
/// The stages of the ring own one each. Who starts a thread joins it before what the body uses goes away.
package final class Thread: @unchecked Sendable {
    private let handle: pthread_t
    /// Of the thread that joins; never touched by the body.
    private var isJoined = false

    /// Starts the body at once; the kernel shows the first 15 bytes of the name.
    package init(name: String, body: @escaping @Sendable () -> Void) throws(SystemFailure) {
        var handle = pthread_t()
        let start = Unmanaged.passRetained(Start(body))
        let failure = pthread_create(
            &handle,
            nil,
            { context in
                if let context {
                    Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
                }
                return nil
            },
            start.toOpaque()
        )
        guard failure == 0 else {
            start.release()
            throw SystemFailure("pthread_create", code: failure)
        }
        self.handle = handle
        _ = pthread_setname_np(handle, String(decoding: name.utf8.prefix(15), as: UTF8.self))
    }

    /// Waits until the body has returned.
    ///
    /// Called once, by the thread that owns this one.
    package func join() {
        guard !isJoined else { return }
        isJoined = true
        pthread_join(handle, nil)
    }

    deinit {
        if !isJoined {
            pthread_detach(handle)
        }
    }
}

/// Carries the body over to its thread.
private final class Start {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
