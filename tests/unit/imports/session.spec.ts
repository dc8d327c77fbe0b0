import { expect } from 'chai';
import { failureText, type Fate } from '../../../imports/session.ts';

describe('an import that does not come to its end', () => {
  const refused = 'psql:<stdin>:12: ERROR:  value too long\nCONTEXT:  COPY incoming, line 7\na\nb';
  const broken = 'psql:<stdin>:90: server closed the connection unexpectedly';
  const unknown =
    'Postgres could not be asked whether they were taken. When it is up again, the same command with --dry-run tells';

  const cases: [said: string, fate: Fate, isStopped: boolean, text: string][] = [
    [
      refused,
      'aborted',
      false,
      'Postgres does not take them, and nothing was changed: ERROR:  value too long\nCONTEXT:  COPY incoming, line 7\na',
    ],
    [
      broken,
      undefined,
      false,
      `the connection to Postgres broke, and ${unknown}: server closed the connection unexpectedly`,
    ],
    ['', 'aborted', true, 'stopped; nothing was changed'],
    ['', undefined, true, `stopped; ${unknown}`],
  ];
  for (const [said, fate, isStopped, text] of cases)
    it(text.split('\n')[0]!, () => {
      expect(failureText(said, fate, isStopped)).to.equal(text);
    });
});
