import SessionProtocol
import Sessions
import Testing
import Tickets

@testable import plenary_load

/// What people write while they are away is late by their own doing, and what they write else is not.
struct PersonTests {
    private let gathering = Gathering(Cast.Troupe(session: "hall", community: "", people: []))

    private func person() -> Person {
        let role = Cast.Role(
            person: "host",
            name: "Host",
            school: "",
            role: .host,
            arrives: 0,
            devices: 1,
            link: .far
        )
        return Person(role, in: gathering, number: 0, ticket: [], seed: 1)
    }

    private func write(_ person: Person, due: Int64) -> Int {
        _ = person.nextCount()
        return person.write([], to: .room(.main), due: due).count
    }

    @Test func `whoever comes back with much to say is waited for as long as the server asks for`() {
        let person = person()
        let (first, second) = (write(person, due: 10), write(person, due: 20))
        person.awayUntil = 50
        person.isBack()
        person.isPutOff(second, until: 80)
        #expect(person.unanswered.map(\.due) == [10, 80])
        let third = write(person, due: 60)
        person.isAnswered(first)
        // Behind what is still to be caught up with.
        person.isPutOff(third, until: 90)
        #expect(person.unanswered.map(\.due) == [80, 90])
        person.isAnswered(second)
        person.isPutOff(third, until: 100)
        #expect(person.unanswered.map(\.due) == [100])
        person.isAnswered(third)
        // All is said: from here on a server that puts somebody off is late.
        let fourth = write(person, due: 110)
        person.isPutOff(fourth, until: 200)
        #expect(person.unanswered.map(\.due) == [110])
    }

    @Test func `whom the server puts off for no reason waits from when it was due`() {
        let person = person()
        let first = write(person, due: 10)
        person.isBack()
        person.isPutOff(first, until: 80)
        #expect(person.unanswered.map(\.due) == [10])
        person.awayUntil = 5
        person.isBack()
        person.isPutOff(first, until: 80)
        #expect(person.unanswered.map(\.due) == [10])
    }

    @Test func `a command that went dead with its link is waited for from when there is one again`() {
        let line = person().lines[0]
        _ = line.command(.start, .other("session.start"), due: 10)
        line.waitAnew(from: 70)
        _ = line.command(.raiseHand, .other("hand.raise"), due: 90)
        line.waitAnew(from: 80)
        #expect(line.asked.values.map(\.due).sorted() == [80, 90])
    }
}
