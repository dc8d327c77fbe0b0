// Mocha's own "spec" output, and the counts as JSON in RESULTS_FILE for scripts/test.
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes: passed, failures: failed, pending: skipped } = this.stats;
      if (process.env.RESULTS_FILE)
        writeFileSync(process.env.RESULTS_FILE, JSON.stringify({ passed, failed, skipped }));
    });
  }
};
