import Glibc

/// A simulated file's two faces: what everybody sees, and what is on the disk.
final class SimulatedFile {
    var cache: [UInt8]
    private var disk: [UInt8]
    /// Sectors to be written when the file is synced.
    private var dirty: Set<Int> = []

    init(synced bytes: [UInt8]) {
        cache = bytes
        disk = bytes
    }

    func write(_ bytes: [UInt8], at offset: Int) {
        let end = offset + bytes.count
        if cache.count < end { cache += [UInt8](repeating: 0, count: end - cache.count) }
        Self.copy(bytes, 0..<bytes.count, to: &cache, at: offset)
        dirty.formUnion(offset / sectorBytes...(end - 1) / sectorBytes)
    }

    /// Sectors that the system writes when it likes.
    func writeBack(using random: inout SplitMix64) {
        for sector in dirty.sorted() where random.next() % 8 == 0 {
            writeSector(sector)
            dirty.remove(sector)
        }
    }

    func sync() {
        for sector in dirty.sorted() {
            writeSector(sector)
        }
        disk += repeatElement(0, count: cache.count - disk.count)
        dirty = []
    }

    /// What could not be written is not dirty any more: the system has given it up.
    func failSync(using random: inout SplitMix64) {
        for sector in dirty.sorted() where Bool.random(using: &random) {
            writeSector(sector)
        }
        dirty = []
    }

    func losePower(using random: inout SplitMix64) {
        // None, all, or some of what was not synced.
        let share = [0, 8, 1, 4, 7][Int(random.next() % 5)]
        for sector in dirty.sorted() where random.next() % 8 < share {
            writeSector(sector)
        }
        dirty = []
        cache = disk
    }

    private func writeSector(_ sector: Int) {
        let start = sector * sectorBytes
        let end = min(start + sectorBytes, cache.count)
        if disk.count < end { disk += [UInt8](repeating: 0, count: end - disk.count) }
        Self.copy(cache, start..<end, to: &disk, at: start)
    }

    /// Whole sectors at once: in a debug build a collection is copied element by element, and tests write a lot.
    private static func copy(_ bytes: [UInt8], _ range: Range<Int>, to target: inout [UInt8], at offset: Int)
    {
        bytes.withUnsafeBytes { source in
            target.withUnsafeMutableBytes { target in
                let part = UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + range.count])
                part.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range]))
            }
        }
    }
}

private let sectorBytes = 512

/// A simulated file as a process has opened it.
final class SimulatedHandle: StorageFile {
    let name: String
    private let file: SimulatedFile
    private let storage: SimulatedStorage
    private let life: Int

    init(_ name: String, _ file: SimulatedFile, _ storage: SimulatedStorage) {
        self.name = name
        self.file = file
        self.storage = storage
        life = storage.life
    }

    func byteCount() throws(JournalFault) -> Int {
        _ = try begin(.measure)
        return file.cache.count
    }

    func read(upTo count: Int, at offset: Int) throws(JournalFault) -> [UInt8] {
        let isShort = storage.misfortunes[storage.step] == .short
        _ = try begin(.read)
        let left = max(0, min(count, file.cache.count - offset))
        let done = isShort ? (left + 1) / 2 : left
        return Array(file.cache[offset..<offset + done])
    }

    func write(_ bytes: RawSpan, at offset: Int) throws(JournalFault) -> Int {
        let misfortune = storage.misfortunes[storage.step]
        let dies = try begin(.write)
        let all = bytes.withUnsafeBytes { Array($0) }
        let done =
            switch misfortune {
            case .short: (all.count + 1) / 2
            case .die(let afterBytes): min(afterBytes, all.count)
            default: all.count
            }
        file.write(Array(all.prefix(done)), at: offset)
        file.writeBack(using: &storage.random)
        try storage.end(dies, .write, name)
        return done
    }

    func reserve(_ bytes: Int) throws(JournalFault) {
        _ = try begin(.reserve)
    }

    func dropFromMemory() {}

    func sync() throws(JournalFault) {
        if case .fail = storage.misfortunes[storage.step], !storage.isDown {
            file.failSync(using: &storage.random)
        }
        let dies = try begin(.sync)
        file.sync()
        try storage.end(dies, .sync, name)
    }

    private func begin(_ operation: StorageOperation) throws(JournalFault) -> Bool {
        guard life == storage.life else { throw storage.failure(EIO, operation, name) }
        return try storage.begin(operation, name)
    }
}

/// A simulated folder that is held.
final class SimulatedLock: StorageLock {
    private let storage: SimulatedStorage
    private let life: Int

    init(_ storage: SimulatedStorage) {
        self.storage = storage
        life = storage.life
    }

    deinit {
        if life == storage.life { storage.isLocked = false }
    }
}

/// Sebastiano Vigna's SplitMix64: small, repeatable, good enough for tests.
package struct SplitMix64: RandomNumberGenerator {
    package var state: UInt64

    /// A generator that always gives the same numbers.
    package init(state: UInt64) {
        self.state = state
    }

    /// The next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
