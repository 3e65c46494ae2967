/// The disk as the journal sees it: one folder, names relative to it.
///
/// `DiskStorage` is the real one, `SimulatedStorage` one that tears, forgets and refuses. Every call may fail with
/// `JournalFault.io`; reads and writes may be short or interrupted, and the loops below deal with that, so that a
/// simulation can be short and interrupted too.
package protocol Storage: AnyObject, Sendable {
    /// Makes a folder (`""` is the folder itself). Answers false if it was there.
    func makeDirectory(_ name: String) throws(JournalFault) -> Bool
    /// The names in a folder, in no order.
    func list(_ directory: String) throws(JournalFault) -> [String]
    /// Opens a file.
    func open(_ name: String, for access: FileAccess) throws(JournalFault) -> any StorageFile
    /// Gives a file another name, replacing what has that name. Durable once the folder is synced.
    func rename(_ name: String, to newName: String) throws(JournalFault)
    /// Removes a file. Durable once the folder is synced.
    func remove(_ name: String) throws(JournalFault)
    /// Removes an empty folder (`""` is the folder itself).
    func removeDirectory(_ name: String) throws(JournalFault)
    /// Makes the names in a folder durable.
    func syncDirectory(_ name: String) throws(JournalFault)
    /// Takes the folder for this process, until the answer is released. Throws `inUse` if somebody has it.
    func lock(_ name: String) throws(JournalFault) -> any StorageLock
}

/// What a file is opened for.
package enum FileAccess: Sendable {
    case read
    /// Read and write an existing file.
    case write
    /// Read and write a file that must not exist yet.
    case create
}

/// An open file; closed when released.
package protocol StorageFile: AnyObject {
    var name: String { get }
    /// Its length in bytes.
    func byteCount() throws(JournalFault) -> Int
    /// Up to `count` bytes from `offset`; fewer if it pleases the system; none only at the end.
    func read(upTo count: Int, at offset: Int) throws(JournalFault) -> [UInt8]
    /// Writes some of the bytes, at least one, and answers how many.
    func write(_ bytes: RawSpan, at offset: Int) throws(JournalFault) -> Int
    /// Makes sure that there is room for that many bytes.
    func reserve(_ bytes: Int) throws(JournalFault)
    /// Makes durable what was written. When it fails, nobody knows what is on the disk, and asking again would lie:
    /// the system has forgotten what it could not write.
    func sync() throws(JournalFault)
    /// Asks the system to forget what it has in memory of the file, so that the next reading comes from the disk.
    ///
    /// What was not synced stays.
    func dropFromMemory()
}

/// A folder that is held.
package protocol StorageLock: AnyObject {}

extension StorageFile {
    /// Writes all of the bytes.
    ///
    /// Going on after a short or interrupted write is no second try: what was reported as written is not
    /// written again.
    func writeAll(_ bytes: RawSpan, at offset: Int) throws(JournalFault) {
        var done = 0
        while done < bytes.byteCount {
            do throws(JournalFault) {
                done += try write(bytes.extracting(done..<bytes.byteCount), at: offset + done)
            } catch  where error.isInterruption {
                continue
            }
        }
    }

    /// Writes all of the bytes and makes them durable, a slice after the other.
    ///
    /// What is written behind the journal's back must not hold it up: a disk does one thing after the other, so a few
    /// bytes that are synced meanwhile wait for the slice that is being written, and not for all of them.
    func writeInSlices(
        _ bytes: RawSpan,
        at offset: Int,
        sliceBytes: Int = 128 << 10
    ) throws(JournalFault) {
        var done = 0
        while done < bytes.byteCount {
            let next = min(done + sliceBytes, bytes.byteCount)
            try writeAll(bytes.extracting(done..<next), at: offset + done)
            try syncAll()
            done = next
        }
    }

    /// The bytes from `offset` on: `count`, or fewer if the file ends before.
    func readAll(_ count: Int, at offset: Int) throws(JournalFault) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            do throws(JournalFault) {
                let more = try read(upTo: count - bytes.count, at: offset + bytes.count)
                if more.isEmpty { break }
                if bytes.isEmpty { bytes = more } else { bytes += more }
            } catch  where error.isInterruption {
                continue
            }
        }
        return bytes
    }

    /// Makes durable what was written.
    ///
    /// An interrupted sync has reported nothing yet and is asked for again; any other failure is final.
    func syncAll() throws(JournalFault) {
        while true {
            do throws(JournalFault) {
                return try sync()
            } catch  where error.isInterruption {
                continue
            }
        }
    }
}

extension Storage {
    /// Removes a file if it is there.
    func removeIfPresent(_ name: String) throws(JournalFault) {
        do throws(JournalFault) {
            try remove(name)
        } catch  where error.isMissing {
            return
        }
    }

    /// Reads a whole file of at most `limit` bytes; nil if it is longer.
    func contents(of name: String, limit: Int) throws(JournalFault) -> [UInt8]? {
        let file = try open(name, for: .read)
        let count = try file.byteCount()
        guard count <= limit else { return nil }
        return try file.readAll(count, at: 0)
    }
}
