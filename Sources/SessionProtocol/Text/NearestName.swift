/// Finds what somebody may have meant.
package enum NearestName {
    /// The known name with the fewest changes from `name`, the first of several; nil when none is near.
    ///
    /// Near is: at most one change for every three letters, and two for short names.
    package static func of(_ name: String, among known: [String]) -> String? {
        let limit = max(2, name.utf8.count / 3)
        // Nobody means one of our names by a text of kilobytes.
        guard name.utf8.count <= 64 else { return nil }
        let distances = known.map { (name: $0, distance: distance(Array(name.utf8), Array($0.utf8))) }
        return distances.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.name
    }

    /// How many letters have to be put in, left out, replaced or swapped with their neighbour (the restricted
    /// Damerau-Levenshtein distance).
    package static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, leftByte) in left.enumerated() {
            var current = [row + 1]
            for (column, rightByte) in right.enumerated() {
                var best = min(last[column + 1], current[column]) + 1
                best = min(best, last[column] + (leftByte == rightByte ? 0 : 1))
                if row > 0, column > 0, leftByte == right[column - 1], left[row - 1] == rightByte {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
