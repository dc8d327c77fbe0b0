// Mocha's own "spec" output, with what took longest; for scripts/test the line "PASSED FAILED SKIPPED" in RESULTS_FILE; nothing runs
// longer than TEST_MINUTES. What failed is in FAILURES_FILE too, to be said once more at the end of everything.
const console = require('node:console');
const { appendFileSync, writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');
const { deadline } = require('./deadline.cjs');

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { EVENT_HOOK_BEGIN, EVENT_HOOK_END, EVENT_RUN_END, EVENT_TEST_BEGIN, EVENT_TEST_END } =
      Runner.constants;
    const begins = deadline(Number(process.env.TEST_MINUTES ?? 15));
    for (const event of [EVENT_HOOK_BEGIN, EVENT_TEST_BEGIN])
      runner.on(event, (runnable) => begins(runnable.fullTitle()));
    const ended = [];
    for (const event of [EVENT_HOOK_END, EVENT_TEST_END])
      runner.on(event, (runnable) => ended.push(runnable));
    const { RESULTS_FILE: file, FAILURES_FILE: failuresFile } = process.env;
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      for (const line of longest(ended)) console.log(line);
      if (file) writeFileSync(file, `${passes} ${failures} ${pending}\n`);
      if (failuresFile) appendFileSync(failuresFile, this.failures.map(said).join(''));
    });
  }
};

/** A test's name and what it said, of long output the last lines: what failed is there. */
function said(test) {
  const lines = String(test.err?.message).split('\n').slice(-30);
  return [`\n${test.fullTitle()}`, ...lines.map((line) => `    ${line}`), ''].join('\n');
}

/** The tests and hooks of 10 s and more, the longest first. */
function longest(ended) {
  const long = ended.filter(({ duration }) => duration >= 10_000).sort((a, b) => b.duration - a.duration);
  return long.map((one) => `  ${(one.duration / 1000).toFixed(0)} s  ${one.fullTitle()}`);
}
