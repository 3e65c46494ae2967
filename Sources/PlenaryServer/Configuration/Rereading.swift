/// How a running server takes its options anew: the same arguments and environment, and the file as it is now.
package struct Rereading: Sendable {
    private let started: Choices
    private let arguments: [String]
    private let environment: [String: String]

    /// Of a server that was started with these choices, which came from these arguments and this environment.
    package init(_ started: Choices, arguments: [String], environment: [String: String]) {
        self.started = started
        self.arguments = arguments
        self.environment = environment
    }

    /// Reads everything again; `waiting` are the options whose new value waits for a start.
    ///
    /// - Throws: every problem of what is written there now; if there is none, of what it would come to without a start.
    package func read() throws(ConfigurationFault) -> (configuration: Configuration, waiting: [String]) {
        let written = ConfigurationReader.choices(
            started.command,
            arguments: arguments,
            environment: environment
        )
        // Whole: what waits for the next start must not stop it.
        _ = try written.configuration()
        let (choices, waiting) = written.keeping(whatNeedsAStart: started)
        return (try choices.configuration(), waiting)
    }
}
