internal import Sessions
package import Transport

extension Metrics {
    /// All metrics as Prometheus reads them.
    package func text(loops: [LoopMetrics], queues: [QueueDepth], process: ProcessUsage) -> String {
        var page = Exposition()
        process.write(to: &page)
        Self.write(loops, to: &page)
        writeSessions(to: &page)
        writeRejections(loops, to: &page)
        writeTotals(to: &page)
        writeJournal(to: &page)
        page.begin("plenary_mailbox_bytes", .gauge, "Bytes that wait between two stages.")
        for queue in queues { page.series([("to", queue.name)], queue.bytes) }
        return page.text
    }

    private static func write(_ loops: [LoopMetrics], to page: inout Exposition) {
        let families: [(String, Exposition.Kind, String, (LoopMetrics) -> Int)] = [
            ("plenary_sockets", .gauge, "Sockets held, upgraded or not.", { $0.connections.value }),
            ("plenary_connections", .gauge, "WebSocket connections.", { $0.upgraded.value }),
            ("plenary_accepted_total", .counter, "Connections accepted.", { $0.accepted.value }),
            ("plenary_tls_handshakes_total", .counter, "TLS handshakes finished.", { $0.handshakes.value }),
            (
                "plenary_tls_handshakes_resumed_total", .counter, "TLS handshakes that resumed a session.",
                { $0.resumedHandshakes.value }
            ),
            (
                "plenary_tls_handshake_microseconds_total", .counter, "CPU that TLS handshakes took.",
                { $0.handshakeMicroseconds.value }
            ),
            ("plenary_messages_received_total", .counter, "Messages received.", { $0.messagesIn.value }),
            (
                "plenary_deliveries_total", .counter, "Pushes times their connections.",
                { $0.deliveries.value }
            ),
            ("plenary_received_bytes_total", .counter, "Bytes received.", { $0.bytesIn.value }),
            ("plenary_sent_bytes_total", .counter, "Bytes sent.", { $0.bytesOut.value }),
            ("plenary_writes_total", .counter, "Writes to sockets.", { $0.writes.value }),
            ("plenary_outbox_bytes", .gauge, "Bytes that wait for sockets.", { $0.outboxBytes.value }),
            (
                "plenary_slow_consumers_total", .counter, "Connections closed 4413.",
                { $0.slowConsumers.value }
            ),
            ("plenary_loop_turns_total", .counter, "Turns of the loop.", { $0.turns.value }),
            ("plenary_loop_paused_turns_total", .counter, "Turns without reading.", { $0.pausedTurns.value }),
        ]
        for (name, kind, help, value) in families {
            page.begin(name, kind, help)
            for (index, loop) in loops.enumerated() { page.series([("loop", "\(index)")], value(loop)) }
        }
    }

    private func writeSessions(to page: inout Exposition) {
        page.single("plenary_sessions", .gauge, "Sessions in memory.", sessions.value)
        page.single("plenary_rehearsals", .gauge, "Rehearsals among these sessions.", rehearsals.value)
        page.single("plenary_seats", .gauge, "Seats in the sessions in memory.", seats.value)
        page.single("plenary_seats_here", .gauge, "Seats with a connection.", seatsHere.value)
        page.single(
            "plenary_joins_total",
            .counter,
            "Connections that took or found their seat.",
            joins.value
        )
        page.single(
            "plenary_resumes_total",
            .counter,
            "Joins that went on where they had been.",
            resumes.value
        )
        page.begin("plenary_commands_total", .counter, "Commands by kind.")
        for kind in CommandKind.allCases { page.series([("command", kind.rawValue)], commands[kind].value) }
        page.begin("plenary_refusals_total", .counter, "Refused commands by code.")
        for code in RefusalCode.allCases { page.series([("code", code.rawValue)], refusals[code].value) }
        page.single("plenary_events_total", .counter, "Events of all sessions.", events.value)
    }

    /// Levels, since what is forgotten may leave them; named as totals over all time.
    private func writeTotals(to page: inout Exposition) {
        page.single("plenary_members_seen_total", .counter, "People who have had a seat.", membersSeen.value)
        page.single("plenary_communities_total", .counter, "Communities that have met.", communities.value)
        page.single("plenary_sessions_held_total", .counter, "Sessions held, and over.", sessionsHeld.value)
        page.single(
            "plenary_attended_total",
            .counter,
            "How often somebody has attended a session, by the rule.",
            sessionsAttended.value
        )
        page.begin("plenary_erasures_total", .counter, "Erasures that have reached the disk.")
        for erasure in Erasure.allCases {
            page.series([("what", erasure.rawValue)], erasures[erasure].value)
        }
        page.single(
            "plenary_erasing_faults_total",
            .counter,
            "Erasures that have not reached the disk, or not all of it.",
            erasingFaults.value
        )
    }

    private func writeRejections(_ loops: [LoopMetrics], to page: inout Exposition) {
        page.begin("plenary_rejected_total", .counter, "What was turned away or ended, by reason.")
        for reason in Rejection.allCases {
            page.series([("reason", reason.rawValue)], rejected[reason].value)
        }
        for reason in RejectReason.allCases {
            page.series([("reason", reason.label)], loops.reduce(0) { $0 + $1.rejected(reason) })
        }
    }

    private func writeJournal(to page: inout Exposition) {
        page.histogram("plenary_batch_commands", "What the engine took at once.", batchCommands, unit: 1)
        page.single("plenary_journal_batches_total", .counter, "Batches written.", journalBatches.value)
        page.single("plenary_journal_records_total", .counter, "Records written.", journalRecords.value)
        page.single("plenary_journal_bytes_total", .counter, "Bytes written.", journalBytes.value)
        page.histogram(
            "plenary_journal_sync_seconds",
            "Time of one fdatasync.",
            syncTime,
            unit: 1_000_000_000
        )
        page.single("plenary_checkpoints_total", .counter, "Checkpoints written.", checkpoints.value)
        page.single(
            "plenary_checkpoint_time_seconds",
            .gauge,
            "When the last checkpoint was written, in seconds since 1970; 0: not yet.",
            lastCheckpointAt.value / 1_000
        )
    }
}
