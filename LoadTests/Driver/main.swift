import Foundation

exit(LoadCommand.run(Array(CommandLine.arguments.dropFirst())))
