import Testing

@testable import Transport

struct AddressTableTests {
    private let school = PeerAddress(ipv4: 0x0a00_0001, port: 1).network
    private let other = PeerAddress(ipv4: 0x0a00_0002, port: 1).network

    private func table(_ adjust: (inout TransportLimits) -> Void) -> AddressTable {
        var limits = TransportLimits()
        adjust(&limits)
        return AddressTable(AddressTable.Limits(limits))
    }

    @Test func `each address has a number of its own`() {
        var table = table { $0.maxPendingPerAddress = 2 }
        #expect(table.admit(school, at: 0) == .admitted)
        #expect(table.admit(school, at: 0) == .admitted)
        #expect(table.admit(school, at: 0) == .tooManyPending)
        #expect(table.admit(other, at: 0) == .admitted)
        table.settle(school)
        #expect(table.admit(school, at: 0) == .admitted)
    }

    @Test func `a burst is let in, then so many a second`() {
        var table = table {
            $0.newConnectionsBurst = 5
            $0.newConnectionsPerSecond = 2
        }
        for _ in 0..<5 {
            #expect(table.admit(school, at: 10_000) == .admitted)
        }
        #expect(table.admit(school, at: 10_000) == .tooFast)
        #expect(table.admit(school, at: 10_499) == .tooFast)
        #expect(table.admit(school, at: 10_500) == .admitted)
        #expect(table.admit(school, at: 10_600) == .tooFast)
        #expect(table.admit(school, at: 12_000) == .admitted)
    }

    @Test func `an address that has been quiet is forgotten, one with pending connections is not`() {
        var table = table { _ in }
        for number in 0..<1_000 as Range<UInt32> {
            #expect(table.admit(PeerAddress(ipv4: number, port: 1).network, at: 0) == .admitted)
            if number > 0 {
                table.settle(PeerAddress(ipv4: number, port: 1).network)
            }
        }
        #expect(table.count == 1_000)
        #expect(table.admit(school, at: 60_000) == .admitted)
        #expect(table.count == 2)
    }
}
