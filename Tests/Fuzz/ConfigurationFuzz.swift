import Foundation

@testable import PlenaryServer

/// Configuration files, as `--config` reads them.
enum ConfigurationFuzz {
    static func run(_ input: [UInt8]) {
        do throws(ConfigurationFault) {
            let values = try ConfigurationFile.values(of: input, path: "plenary.json")
            Fuzz.check(values.keys.allSatisfy { Option.named($0) != nil }, "whatever is taken is an option")
        } catch {
            Fuzz.check(!error.sentences.isEmpty, "a refusal has a reason")
        }
    }
}
