import Testing
import WebSocket

@Test func `A masked hello comes out as text`() throws {
    var machine = FrameMachine(role: .server)
    var incoming: [Incoming] = []
    let bytes: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
    try machine.receive(bytes.span, into: &incoming)
    #expect(incoming == [.text(Array("Hello".utf8))])
    #expect(FrameWriter.text(Array("Hello".utf8), mask: 0x37FA_213D) == bytes)
}
