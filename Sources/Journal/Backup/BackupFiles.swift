// How a copy's files are written and read again.

extension Backup {
    private static let chunkBytes = 1 << 20

    /// Copies a file; of the last segment the records up to `end`, and zeroes behind them.
    ///
    /// A successor that the last segment has got meanwhile is not in the copy, so it is not spoken of there.
    /// It goes to the disk slice by slice: a server's journal, on the same disk perhaps, must not wait for all of it.
    func copy(_ file: any StorageFile, to name: String, through end: Int? = nil) throws(BackupFault) {
        let bytes = try reading { () throws(JournalFault) in try file.byteCount() }
        let copied = min(end ?? bytes, bytes)
        try fill(name) { offset throws(BackupFault) in
            guard offset < bytes else { return [] }
            guard offset < copied else {
                return [UInt8](repeating: 0, count: min(Self.chunkBytes, bytes - offset))
            }
            var chunk = try reading { () throws(JournalFault) in
                try file.readAll(min(Self.chunkBytes, copied - offset), at: offset)
            }
            if end != nil, offset == 0 { SegmentSeal.blank(in: &chunk) }
            return chunk
        }
    }

    /// Writes a file.
    func write(_ bytes: [UInt8], to name: String) throws(BackupFault) {
        try fill(name) { offset throws(BackupFault) in offset == 0 ? bytes : [] }
    }

    /// Makes a file of chunks, until one is empty; notes its length and its check.
    private func fill(
        _ name: String,
        _ chunk: (_ offset: Int) throws(BackupFault) -> [UInt8]
    ) throws(BackupFault) {
        let file = try writing { () throws(JournalFault) in try target.open(name, for: .create) }
        files.append(CopiedFile(name: name, bytes: 0, check: 0))
        let index = files.count - 1
        while true {
            let bytes = try chunk(files[index].bytes)
            guard !bytes.isEmpty else { break }
            let offset = files[index].bytes
            try writing { () throws(JournalFault) in try file.writeInSlices(bytes.span.bytes, at: offset) }
            files[index].check = Checksum.crc32c(bytes.span.bytes, continuing: files[index].check)
            files[index].bytes += bytes.count
        }
        try writing { () throws(JournalFault) in try file.syncAll() }
    }

    /// Reads every file again, from the disk where the system can be had to, and compares.
    func readBack() throws(BackupFault) {
        for written in files {
            let read = try writing { () throws(JournalFault) in try look(at: written) }
            guard read.bytes == written.bytes, read.check == written.check else {
                throw .changed(file: written.name)
            }
        }
    }

    private func look(at written: CopiedFile) throws(JournalFault) -> CopiedFile {
        var read = CopiedFile(name: written.name, bytes: 0, check: 0)
        let file = try target.open(written.name, for: .read)
        file.dropFromMemory()
        while true {
            let bytes = try file.readAll(Self.chunkBytes, at: read.bytes)
            guard !bytes.isEmpty else { return read }
            read.check = Checksum.crc32c(bytes.span.bytes, continuing: read.check)
            read.bytes += bytes.count
        }
    }

    /// Does something to the folder that is copied.
    func reading<Result>(_ body: () throws(JournalFault) -> Result) throws(BackupFault) -> Result {
        do throws(JournalFault) {
            return try body()
        } catch {
            throw .source(error)
        }
    }

    /// Does something to the copy.
    func writing<Result>(_ body: () throws(JournalFault) -> Result) throws(BackupFault) -> Result {
        do throws(JournalFault) {
            return try body()
        } catch {
            throw .target(error.whenCreating)
        }
    }
}
