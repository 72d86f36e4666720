/** Says plainly what was not run, and why, and closes with the line that CI reads. */
export default class SkipReporter {
  onRunComplete(_contexts, results) {
    if (!process.env.NEO4J_URI)
      console.error('\nThe Neo4j half was skipped: NEO4J_URI is not set. `.ci/run` starts a Neo4j 5.26 and runs both halves.');
    if (!process.env.NATS_SERVER)
      console.error('The JetStream tests were skipped: NATS_SERVER does not name a nats-server. `.ci/run` installs one and runs them.');
    if (!process.env.CHROMIUM)
      console.error('The browser tests were skipped: CHROMIUM does not name a Chromium. `.ci/run` installs one and runs them.');
    console.error(`${results.numPassedTests} passed, ${results.numFailedTests + results.numRuntimeErrorTestSuites} failed`);
  }
}
