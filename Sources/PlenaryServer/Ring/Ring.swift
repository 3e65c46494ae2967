/// All stages of a server and how they are put together.
package enum Ring {
    /// Starts the stages, calls `onServing` when connections are accepted, and serves until a signal comes.
    ///
    /// `configuration.data` must be given. Whatever goes wrong is logged; the exit code says what it was.
    package static func run(
        _ configuration: Configuration,
        secret: Secret,
        log: Log,
        onServing: (ServingRing) -> Void
    ) -> ExitCode {
        log.write(.starting, [.text("version", Version.text)])
        log.write(.internalFault, [.text("what", "this build has no engine")])
        log.flush()
        return .unavailable
    }
}
