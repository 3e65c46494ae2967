/// What is wrong with the arguments or the configuration: sentences, each with where it stands and what to do.
package struct ConfigurationFault: Error, Equatable, Sendable {
    package var sentences: [String]
    /// `.usage` for arguments, `.configuration` for all else.
    package var exit: ExitCode

    package init(_ sentences: [String], exit: ExitCode) {
        self.sentences = sentences
        self.exit = exit
    }

    package init(_ sentence: String, exit: ExitCode) {
        self.init([sentence], exit: exit)
    }
}
