import Foundation
import PlenaryServer

StandardStreams.fill()
SignalWatch.ignoreFailedWrites()
let program = Program(
    arguments: Array(CommandLine.arguments.dropFirst()),
    environment: ProcessInfo.processInfo.environment
)
exit(program.run().rawValue)
