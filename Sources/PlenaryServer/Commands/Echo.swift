/// `plenary echo`: a WebSocket echo server, for conformance suites.
enum Echo {
    /// Serves until a signal comes.
    static func run(_ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        outlet.complain("no loops yet")
        return .unavailable
    }
}
