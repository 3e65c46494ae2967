/// What a record is, on disk.
///
/// Numbers are never used again; a changed payload gets a new version.
enum RecordKind: UInt8, CaseIterable {
    case clock = 1
    /// What a person wrote; goes with the record after it.
    case text = 2
    case personRenamed = 3
    case attendanceForgotten = 4
    case wordsForgotten = 5
    /// What stood there is forgotten; the record keeps its number.
    case blank = 6

    case created = 10
    case started = 11
    case ending = 12
    case kept = 13
    case ended = 14
    case archived = 15
    case locked = 16
    case recovered = 17
    case changed = 18

    case joined = 20
    case attached = 21
    case detached = 22
    case away = 23
    case returned = 24
    case gone = 25
    case left = 26
    case removed = 27
    case labelled = 28
    case muted = 29

    case hostChanged = 30
    case roleChanged = 31
    case successionChanged = 32
    case handoffOffered = 33
    case handoffDeclined = 34
    case handoffWithdrawn = 35
    case floorTaken = 36
    case floorYielded = 37

    case breakoutsOpened = 40
    case moved = 41
    case breakoutsExtended = 42
    case breakoutsWarning = 43
    case breakoutsClosing = 44
    case breakoutsClosed = 45
    case breakoutsUndone = 46
    case confirmed = 47
    case roomAdded = 48
    case roomRenamed = 49
    case roomRemoved = 50
    case breakoutsAnnounced = 51
    case signalled = 52
    case passed = 53

    /// A message in a room.
    case chatSent = 60
    /// A message to one person; of the same event as `chatSent`.
    case directSent = 61
    case chatEdited = 62
    case chatDeleted = 63
    case chatReacted = 64
    case chatSettings = 65

    case helpAsked = 70
    case helpClaimed = 71
    case helpResolved = 72
    case helpWithdrawn = 73
    case handRaised = 74
    case handLowered = 75

    case attendanceClaimed = 80
    case attendanceAccepted = 81
    case attendanceMarked = 82

    case personErased = 90
    case sessionErased = 91

    /// The version of the payload that is written today; those before it can be read.
    var version: UInt8 {
        switch self {
        // Since 2 they say whether it is a rehearsal, and who closed the rooms.
        case .created, .breakoutsClosed: 2
        default: 1
        }
    }
}
