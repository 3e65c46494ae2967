/// Which Plenary this is.
package enum Version {
    /// By semantic versioning.
    package static let text = "0.1.0"
}
