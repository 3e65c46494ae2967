import Sessions

/// What the engine has counted since it began, and how much it holds now; read by the metrics after each batch.
package struct EngineCounters: Sendable {
    /// Commands taken, in the order of `CommandKind.allCases`.
    package private(set) var commands = Array(repeating: 0, count: CommandKind.allCases.count)
    /// Refusals, in the order of `RefusalCode.allCases`.
    package private(set) var refusals = Array(repeating: 0, count: RefusalCode.allCases.count)
    package var sessions = 0
    package var seats = 0
    /// Connections that are on a seat.
    package var connections = 0

    mutating func take(_ kind: CommandKind) {
        if let index = CommandKind.allCases.firstIndex(of: kind) { commands[index] += 1 }
    }

    mutating func refuse(_ code: RefusalCode) {
        if let index = RefusalCode.allCases.firstIndex(of: code) { refusals[index] += 1 }
    }
}
