// Mocha's own "spec" output, and for scripts/test the line "PASSED FAILED SKIPPED" in RESULTS_FILE; nothing runs longer than
// TEST_MINUTES.
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');
const { deadline } = require('./deadline.cjs');

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { EVENT_HOOK_BEGIN, EVENT_RUN_END, EVENT_TEST_BEGIN } = Runner.constants;
    const begins = deadline(Number(process.env.TEST_MINUTES ?? 15));
    for (const event of [EVENT_HOOK_BEGIN, EVENT_TEST_BEGIN])
      runner.on(event, (runnable) => begins(runnable.fullTitle()));
    const file = process.env.RESULTS_FILE;
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      if (file) writeFileSync(file, `${passes} ${failures} ${pending}\n`);
    });
  }
};
