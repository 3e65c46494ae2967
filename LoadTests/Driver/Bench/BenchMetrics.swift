import Foundation
import Transport

/// Plenary's own counters, from the listener of its `--admin`.
struct BenchMetrics {
    private var values: [Substring: Double] = [:]

    /// Reads them now.
    init(from address: PeerAddress) throws(LoadFault) {
        var page: [UInt8] = []
        var isOver = false
        do throws(SystemFailure) {
            let sockets = try ClientSockets()
            let number = try sockets.connect(to: address)
            let request = "GET /metrics HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\n\r\n"
            sockets.send(Array(request.utf8), on: number)
            let end = BenchCrowd.now() + 10_000_000_000
            while !isOver, BenchCrowd.now() < end {
                sockets.turn(atMostMilliseconds: 100) { happening in
                    switch happening {
                    case .opened: break
                    case .received(_, let bytes): page += bytes
                    case .closed: isOver = true
                    }
                }
            }
        } catch {
            throw .unreachable("metrics: \(error.description)")
        }
        let text = String(decoding: page, as: UTF8.self)
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("plenary_") {
            let words = line.split(separator: " ")
            guard words.count == 2, let value = Double(words[1]) else { continue }
            let name = words[0].prefix { $0 != "{" }
            values[name, default: 0] += value
        }
        guard isOver, !values.isEmpty else { throw .unreachable("no metrics at \(address)") }
    }

    /// A metric of all loops together, or of all labels.
    subscript(_ name: Substring) -> Double { values[name] ?? 0 }
}
