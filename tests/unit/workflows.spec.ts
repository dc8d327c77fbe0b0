import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';

interface Job {
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly run?: string;
    readonly uses?: string;
    readonly with?: Record<string, unknown>;
  }[];
}

const folder = '.github/workflows';

// actionlint (scripts/test) checks what GitHub would refuse; this is what it would take and we do not.
for (const file of readdirSync(folder)) {
  describe(`the workflow ${file}`, () => {
    const text = readFileSync(`${folder}/${file}`, 'utf8');
    const workflow = parse(text) as { permissions?: Record<string, string>; jobs: Record<string, Job> };
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

    it('pins every action by its commit, with the version beside it', () => {
      const uses = text.split('\n').filter((line) => /\buses:/.test(line));
      expect(uses.length).to.be.greaterThan(0);
      for (const line of uses) expect(line).to.match(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it('grants no more than it needs', () => {
      expect(workflow.permissions).to.satisfy((granted: object) =>
        ['{}', '{"contents":"read"}'].includes(JSON.stringify(granted)),
      );
      const writing = Object.values(workflow.jobs).flatMap((job) =>
        Object.entries(job.permissions ?? {}).filter(([, level]) => level === 'write'),
      );
      expect(writing.map(([scope]) => scope)).to.deep.equal(file === 'preview.yml' ? ['pull-requests'] : []);
    });

    it('keeps no token on disk and ends by itself', () => {
      const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
      for (const { with: options } of checkouts) expect(options?.['persist-credentials']).to.equal(false);
      for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).to.be.lessThan(60);
    });

    it('is thin: one line a step, and no expression that a title could fill', () => {
      for (const { run } of steps.filter((step) => step.run !== undefined)) {
        expect(run!.trim()).not.to.match(/\n|\$\{\{/);
      }
    });
  });
}
