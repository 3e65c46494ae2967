import Foundation

/// Files that an operator names: read whole, but not without end.
enum BoundedFile {
    /// The bytes; nil when the file cannot be read or is longer than `limit`.
    static func bytes(_ path: String, limit: Int) -> [UInt8]? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        var bytes: [UInt8] = []
        do {
            // A pipe gives what it has; nothing is the end.
            while bytes.count <= limit, let data = try file.read(upToCount: limit + 1 - bytes.count),
                !data.isEmpty
            {
                bytes += data
            }
        } catch {
            return nil
        }
        return bytes.count <= limit ? bytes : nil
    }
}
