import SessionProtocol
import Sessions

/// A third script behind the golden messages: people are mixed twice, and not all can meet new people.
enum Mixer {
    static func play() throws -> Scene {
        let scene = try Scene(id: "mixer-1", title: "Mixer", place: "").found("a session")
        try scene.join(1, name: "Host", school: "School A", role: .host)
        for number in 2...7 {
            // However it is spelled, it is one school.
            let school = ["School B", "school b", "SCHOOL  B", "School B", "School C", ""][number - 2]
            try scene.join(number, name: "Participant \(number - 1)", school: school, role: .participant)
        }
        scene.ask(1, 2, .start)
        scene.ask(1, 3, .openBreakouts(OpenBreakouts(count: 2, mode: .mix)))
        scene.ask(1, 4, .closeBreakouts(seconds: 0))
        scene.ask(1, 5, .previewBreakouts(OpenBreakouts(count: 2, mode: .mix)), variant: "--mix")
        return scene
    }
}
