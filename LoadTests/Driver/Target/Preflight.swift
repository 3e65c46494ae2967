import Foundation
import SessionProtocol
import Sessions
import Tickets
import Transport

/// What is looked at before anybody comes: whether the server is there and takes our tickets, whether this machine can hold so many
/// connections, and whether both have the same time.
struct Preflight {
    let target: TargetURL
    let options: EveningOptions
    let run: String
    /// What the report should say.
    private(set) var remarks: [String] = []

    init(_ target: TargetURL, _ options: EveningOptions, run: String) {
        self.target = target
        self.options = options
        self.run = run
    }

    /// - Throws: why there is no point in beginning.
    mutating func check(_ cast: Cast) throws(LoadFault) {
        let answer = try PlainRequest(path: "/healthz").ask(target)
        guard answer.status == 200 else {
            throw .unreachable(
                "\(target.text) answers \(answer.status) to /healthz: \(answer.text.prefix(200))"
            )
        }
        try Self.checkRoom(
            for: cast.connections,
            target,
            descriptors: DescriptorLimit.raise(),
            ports: Self.ports()
        )
        try compareClocks(with: join())
    }

    /// How the ids of a run's sessions begin.
    static func prefix(_ run: String) -> String { "load-\(run)-" }

    /// How many connections a run may have that takes all there are.
    ///
    /// A server under the same limit of descriptors takes nine tenths of it, so this stays a little below.
    static func mostConnections(_ target: TargetURL) -> Int {
        min(DescriptorLimit.raise() * 88 / 100 - spareDescriptors, ports() * addresses(target))
    }

    /// For files, the metrics and what the runtime wants.
    private static let spareDescriptors = 64

    static func checkRoom(
        for connections: Int,
        _ target: TargetURL,
        descriptors: Int,
        ports: Int
    ) throws(LoadFault) {
        guard connections + spareDescriptors <= descriptors else {
            throw .invalid(
                "This run wants \(connections) connections, and this process may have \(descriptors) descriptors. "
                    + "Raise the limit (ulimit -n), or play fewer people."
            )
        }
        let ports = ports * addresses(target)
        guard connections <= ports else {
            throw .invalid(
                "This run wants \(connections) connections, and this machine has \(ports) ports for them. "
                    + "Widen net.ipv4.ip_local_port_range, or play fewer people."
            )
        }
    }

    private static func addresses(_ target: TargetURL) -> Int {
        target.address.isLoopback && target.address.isIPv4 ? SourceAddresses.count : 1
    }

    /// The kernel's range of ports for outgoing connections (ip(7)).
    private static func ports() -> Int {
        let path = "/proc/sys/net/ipv4/ip_local_port_range"
        guard let data = FileManager.default.contents(atPath: path) else { return 28_000 }
        let ends = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap {
            Int($0)
        }
        return ends.count == 2 && ends[0] <= ends[1] ? ends[1] - ends[0] + 1 : 28_000
    }

    private mutating func compareClocks(with server: Milliseconds) {
        let apart = server - ServerClock.wall()
        guard abs(apart) > 5_000 else { return }
        remarks.append(
            "The server's clock is \(apart) ms ahead of this machine's. Tickets are good for 30 s of it."
        )
    }
}

// MARK: - A first join

extension Preflight {
    /// One person comes in and goes; answers the server's time.
    private func join() throws(LoadFault) -> Milliseconds {
        let role = Cast.Role(
            person: "probe",
            name: "Probe",
            school: "",
            role: .observer,
            arrives: 0,
            devices: 1,
            link: .near
        )
        let join = FirstJoin(
            target: target,
            options: options,
            session: "\(Self.prefix(run))probe",
            community: "Rehearsal"
        )
        do throws(FirstJoinFault) {
            guard let now = try join.ask(role)["now"]?.integer else {
                throw .lost("its reply does not say what time it is")
            }
            return now
        } catch .closed(4501) {
            throw .data(
                "The server takes no tickets that are signed with this secret: is it another server's?"
            )
        } catch {
            throw .unreachable("\(target.text): a first join failed: \(error.sentence)")
        }
    }
}
