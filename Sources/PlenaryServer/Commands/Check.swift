internal import Tickets
internal import Transport

/// `plenary check`: opens whatever `plenary serve` with the same options would open, and says each problem.
enum Check {
    /// Says "ok", or every problem in a sentence with its cure; changes nothing.
    static func run(_ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        let findings = Inspection(configuration).findings()
        let problems = findings.filter(\.isProblem)
        for finding in findings where !finding.isProblem { outlet.complain("Note: \(finding.sentence)") }
        for problem in problems { outlet.complain(problem.sentence) }
        guard problems.isEmpty else { return .configuration }
        return outlet.result("ok")
    }
}

/// One thing that was found out about a configuration.
struct Finding: Equatable {
    /// With its cure, where there is one.
    var sentence: String
    /// The server would not start, or nobody would get in; else it is worth knowing.
    var isProblem: Bool

    static func problem(_ sentence: String) -> Finding { Finding(sentence: sentence, isProblem: true) }

    static func note(_ sentence: String) -> Finding { Finding(sentence: sentence, isProblem: false) }
}

/// What a server would meet on this machine.
struct Inspection {
    private let configuration: Configuration
    private let machine: Machine

    /// Of a configuration whose values fit each other; tests bring a machine of their own.
    init(_ configuration: Configuration, on machine: Machine = .this) {
        self.configuration = configuration
        self.machine = machine
    }

    /// All of them, in the order in which a start would meet them.
    func findings() -> [Finding] {
        var findings = missing() + keys() + certificate() + origins() + operators()
        let folder = FolderInspection(configuration.data, machine)
        findings += folder.findings
        // A server that runs has the addresses already.
        if !folder.isInUse { findings += addresses() }
        return findings + descriptors() + memory() + clock(after: folder.lastAt)
    }

    private func missing() -> [Finding] {
        var findings: [Finding] = []
        if configuration.data == nil {
            findings.append(.problem("There is no folder for the journal: give --data DIR."))
        }
        if configuration.secretFile == nil, configuration.keysFile == nil {
            findings.append(
                .problem("There is no key of tickets: give --secret-file FILE or --keys-file FILE.")
            )
        }
        return findings
    }

    private func keys() -> [Finding] {
        do throws(ConfigurationFault) {
            _ = try Keyring.read(configuration)
        } catch {
            return error.sentences.map { .problem($0) }
        }
        // As the start does: it tells and goes on.
        return KeyFileMode.exposed(configuration, modeOf: machine.mode).map {
            .note("Others on this machine can get at \($0.path), a file of keys: \($0.cure)")
        }
    }

    private func certificate() -> [Finding] {
        do throws(ConfigurationFault) {
            guard let (_, context) = try configuration.tls(), let end = context.expiresAt else {
                return openness()
            }
            let days = (end - machine.now) / 86_400_000
            return days < 14
                ? [.note("The certificate is over in \(days) days: renew it, then send the server SIGHUP.")]
                : []
        } catch {
            return error.sentences.map { .problem($0) }
        }
    }

    /// Plain HTTP beyond this machine: tickets and chat can be read on the way.
    private func openness() -> [Finding] {
        guard !configuration.listen.isLoopback else { return [] }
        return [
            .note(
                "Beyond this machine \(configuration.listen) speaks plain HTTP: tickets and chat can be read on the way. "
                    + "Give --tls-cert and --tls-key, or listen on loopback behind a proxy that has TLS."
            )
        ]
    }

    private func origins() -> [Finding] {
        configuration.origins.filter { $0.scheme == "http" && configuration.certificateFile != nil }.map {
            .note(
                "The origin http://\($0.host) is a page without TLS, and the server has it: pages of that origin may be "
                    + "anybody's on the way. Serve the page over TLS too, and name it with https://."
            )
        }
    }

    private func operators() -> [Finding] {
        guard let exposure = AdminExposure(configuration) else { return [] }
        return [
            .note(
                "Beyond this machine \(exposure.address) of --admin asks nobody for a ticket: whoever reaches it reads who "
                    + "was where, and can erase people. As a cure, \(exposure.cure)."
            )
        ]
    }

    private func addresses() -> [Finding] {
        [("listen", configuration.listen), ("admin", configuration.admin)].compactMap { name, address in
            guard let address else { return nil }
            do throws(SystemFailure) {
                _ = try Listener(on: address)
                return nil
            } catch {
                return .problem(
                    "\(address) cannot be listened on (\(error.description)): another process has it, or it is no address "
                        + "of this machine. Choose another with --\(name)."
                )
            }
        }
    }

    private func descriptors() -> [Finding] {
        let most = machine.descriptors * 9 / 10
        guard most < configuration.transport.maxConnections else { return [] }
        return [
            .note(
                "\(machine.descriptors) descriptors let \(most) connections in, not the "
                    + "\(configuration.transport.maxConnections) of max-connections: raise the limit (ulimit -Hn, "
                    + "LimitNOFILE= of systemd)."
            )
        ]
    }

    private func memory() -> [Finding] {
        let ceiling = MemoryCeiling(configuration, descriptors: machine.descriptors)
        guard let memory = machine.memory, ceiling.bytes > memory else { return [] }
        let fitting = ceiling.connections(within: memory)
        let cure =
            fitting > 0
            ? "With --max-connections \(fitting) it would stay within."
            : "Lower --max-seats, --max-sessions and --max-chat-bytes."
        return [
            .note(
                "If everybody does the worst that the limits allow, the server takes \(Quantity.rounded(bytes: ceiling.bytes)); "
                    + "this machine has \(Quantity.rounded(bytes: memory)). \(cure)"
            )
        ]
    }

    private func clock(after last: Int64?) -> [Finding] {
        guard let last, machine.now < last - 60_000 else { return [] }
        return [
            .problem(
                "The clock of this machine is behind the last record of the journal by \((last - machine.now) / 1_000) s: "
                    + "set it, or sessions will be told wrong times."
            )
        ]
    }
}
