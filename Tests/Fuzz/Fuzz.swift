import Glibc

/// Feeds the readers of whatever comes from outside with what libFuzzer thinks up: `make fuzz`.
///
/// One program for all targets; `PLENARY_FUZZ_TARGET` says which. A target takes bytes and either ends quietly or stops
/// the process: by a trap in what is tested, by the sanitizer, or because a property that it states does not hold.
enum Fuzz {
    static let targets: [String: @Sendable ([UInt8]) -> Void] = [
        "handshake": HandshakeFuzz.run,
        "frames": FrameFuzz.run,
        "json": JSONFuzz.run,
        "tickets": TicketFuzz.run,
        "journal": JournalFuzz.run,
        "checkpoint": CheckpointFuzz.run,
        "scenario": ScenarioFuzz.run,
        "configuration": ConfigurationFuzz.run,
    ]

    nonisolated(unsafe) fileprivate static var target: @Sendable ([UInt8]) -> Void = { _ in }

    /// A property that has to hold for every input.
    static func check(_ holds: Bool, _ sentence: String) {
        guard !holds else { return }
        say("It does not hold that \(sentence).")
        abort()
    }

    fileprivate static func say(_ sentence: String) {
        let line = Array("\(sentence)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}

/// What SwiftPM has the linker take for `main`.
@_cdecl("Fuzz_main")
func fuzzMain(
    _ count: CInt,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
    let name = getenv("PLENARY_FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = Fuzz.targets[name] else {
        let names = Fuzz.targets.keys.sorted().joined(separator: ", ")
        Fuzz.say("PLENARY_FUZZ_TARGET has to be one of \(names).")
        return 64
    }
    Fuzz.target = target
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments) { start, count in
        Fuzz.target(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
}

/// libFuzzer as a library (FuzzerInterface.h of LLVM).
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
