import Sessions

/// Attendance as section 5 of the design words it, counted second by second from what was done: slow, plain, and with
/// nothing of what the server computes it with.
struct SecondBySecond {
    struct Figures: Equatable {
        var present = 0
        var counted = 0
        /// The seconds of gaps that were filled, as offsets from the start.
        var filled: [Int] = []
        var claimed = 0
        var accepted = 0
        var marked = 0
        var credited = 0
        var isAttended = false
    }

    struct RoomFigures: Equatable {
        var room: RoomID
        var seconds: Int
        /// By the number of seconds, then by seat.
        var with: [[Int]]
    }

    /// The seconds of the live time; empty before the start.
    private let live: Range<Int>
    /// By seat, then by second since the session began to exist.
    private let here: [[Bool]]
    private let isDown: [Bool]
    private let rooms: [[RoomID]]
    private let undone: Set<Int>
    private let origin: Int
    private let deeds: [RandomEvening.Deed]
    private let names: [String]
    private let counted: [[Bool]]

    init(_ evening: RandomEvening) {
        let entries = evening.gathering.entries
        let now = Int(evening.gathering.now / 1_000)
        let origin = Int((entries.first?.at ?? 0) / 1_000)
        self.origin = origin
        names = evening.gathering.state.seats.map(\.person.text)
        deeds = evening.deeds.map(\.deed)
        var start: Int?
        var end = now
        for entry in entries {
            if case .started = entry.event { start = Int(entry.at / 1_000) }
            if case .ended(_, let endedAt) = entry.event { end = Int(endedAt / 1_000) }
        }
        live = start.map { $0 - origin..<max($0, end) - origin } ?? 0..<0
        let seconds = max(now, end) - origin
        (here, isDown) = Self.connections(evening.deeds, names, origin: origin, seconds: seconds)
        (rooms, undone) = Self.places(entries, people: names.count, origin: origin, seconds: seconds)
        let (live, here, isDown) = (live, here, isDown)
        counted = here.map { Self.filled($0, live: live, isDown: isDown) }
    }

    // MARK: - From deeds to seconds

    private static func connections(
        _ deeds: [(at: Milliseconds, deed: RandomEvening.Deed)],
        _ names: [String],
        origin: Int,
        seconds: Int
    ) -> (here: [[Bool]], isDown: [Bool]) {
        var here = names.map { _ in Array(repeating: false, count: seconds) }
        var isDown = Array(repeating: false, count: seconds)
        var devices = names.map { _ in 0 }
        var rest = deeds[...]
        for second in 0..<seconds {
            while let next = rest.first, Int(next.at / 1_000) - origin <= second {
                rest.removeFirst()
                switch next.deed {
                case .connected(let name): if let seat = names.firstIndex(of: name) { devices[seat] += 1 }
                case .lostDevice(let name): if let seat = names.firstIndex(of: name) { devices[seat] -= 1 }
                case .isGone(let name): if let seat = names.firstIndex(of: name) { devices[seat] = 0 }
                case .serverDown(let from, let to):
                    for down in Int(from / 1_000) - origin..<Int(to / 1_000) - origin {
                        isDown[down] = true
                        for seat in names.indices { here[seat][down] = false }
                    }
                    devices = names.map { _ in 0 }
                case .claimed, .accepted, .marked: break
                }
            }
            for seat in names.indices { here[seat][second] = devices[seat] > 0 }
        }
        return (here, isDown)
    }

    private static func places(
        _ entries: [SessionEntry],
        people: Int,
        origin: Int,
        seconds: Int
    ) -> (rooms: [[RoomID]], undone: Set<Int>) {
        var rooms = Array(repeating: [RoomID](), count: people)
        var place = Array(repeating: RoomID.main, count: people)
        var seats = 0
        var round = 0
        var undone: Set<Int> = []
        var rest = entries[...]
        for second in 0..<seconds {
            while let next = rest.first, Int(next.at / 1_000) - origin <= second {
                rest.removeFirst()
                switch next.event {
                case .joined(let joined):
                    place[seats] = joined.room
                    seats += 1
                case .moved(let seat, _, let to, _, _): place[seat.index] = to
                case .removed(let seat, _): place[seat.index] = .main
                case .breakoutsOpened(let opened):
                    round = opened.round
                    for placement in opened.placements { place[placement.seat.index] = placement.room }
                case .breakoutsClosed(let back, _), .roomRemoved(_, let back, _):
                    for placement in back { place[placement.seat.index] = placement.room }
                case .breakoutsUndone(let back, _):
                    for placement in back { place[placement.seat.index] = placement.room }
                    undone.insert(round)
                default: break
                }
            }
            for seat in 0..<people { rooms[seat].append(place[seat]) }
        }
        return (rooms, undone)
    }

    /// Short gaps are filled; an outage is filled for whom it cut off and who was soon back.
    private static func filled(_ here: [Bool], live: Range<Int>, isDown: [Bool]) -> [Bool] {
        var counted = here
        var second = 0
        while second < live.upperBound {
            guard !here[second], second > 0, here[second - 1] else {
                second += 1
                continue
            }
            var back = second
            while back < live.upperBound, !here[back] { back += 1 }
            let gap = second..<back
            let absent = gap.count { !isDown[$0] }
            let isBack = back < live.upperBound
            for missed in gap {
                let isShort = isBack && absent <= 120
                counted[missed] = isShort || isDown[second] && absent <= 600 && isDown[missed]
            }
            second = back
        }
        return counted
    }

    // MARK: - Figures

    func figures(of seat: Int) -> Figures {
        var figures = Figures()
        let (claims, accepted, marks) = words(of: seat)
        for second in live {
            let isCounted = counted[seat][second]
            figures.present += here[seat][second] ? 1 : 0
            figures.counted += isCounted ? 1 : 0
            if isCounted && !here[seat][second] { figures.filled.append(second - live.lowerBound) }
            let isClaimed = claims.contains { $0.contains(second) }
            let isAccepted = accepted.contains { $0.contains(second) }
            figures.claimed += isClaimed && !isCounted ? 1 : 0
            figures.accepted += isAccepted && !isCounted ? 1 : 0
            let before = isCounted || isAccepted
            let after = marks.last { $0.time.contains(second) }?.present ?? before
            figures.credited += after ? 1 : 0
            figures.marked += (after ? 1 : 0) - (before ? 1 : 0)
        }
        figures.isAttended = !live.isEmpty && figures.credited * 2 >= live.count
        return figures
    }

    /// What is claimed, what of it was accepted, and what was marked, in seconds.
    private func words(
        of seat: Int
    ) -> (claims: [Range<Int>], accepted: [Range<Int>], marks: [(time: Range<Int>, present: Bool)]) {
        var claims: [Range<Int>] = []
        var accepted: [Range<Int>] = []
        var marks: [(time: Range<Int>, present: Bool)] = []
        for deed in deeds {
            switch deed {
            case .claimed(names[seat], let time): claims.append(seconds(time))
            case .accepted(names[seat]): accepted = claims
            case .marked(names[seat], let time, let present): marks.append((seconds(time), present))
            default: break
            }
        }
        return (claims, accepted, marks)
    }

    private func seconds(_ time: Interval) -> Range<Int> {
        Int(time.from / 1_000) - origin..<Int(time.to / 1_000) - origin
    }

    /// The breakout rooms that somebody was in, and with whom; `besides` are those who only watch.
    func rooms(of seat: Int, besides observers: Set<Int>) -> [RoomFigures] {
        var found: [RoomFigures] = []
        for room in Set(rooms[seat]).sorted(by: { number(of: $0) < number(of: $1) }) {
            guard case .breakout(let round, _) = room, !undone.contains(round) else { continue }
            let own = live.filter { counted[seat][$0] && rooms[seat][$0] == room }
            guard !own.isEmpty else { continue }
            let others = names.indices.filter { $0 != seat && !observers.contains($0) }
            let with = others.map { other in
                [other, own.count { counted[other][$0] && rooms[other][$0] == room }]
            }
            found.append(
                RoomFigures(
                    room: room,
                    seconds: own.count,
                    with: with.filter { $0[1] > 0 }.sorted { ($1[1], $0[0]) < ($0[1], $1[0]) }
                )
            )
        }
        return found
    }

    private func number(of room: RoomID) -> Int {
        if case .breakout(let round, let number) = room { round * 1_000 + number } else { 0 }
    }
}
