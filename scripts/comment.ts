import { readFileSync } from 'node:fs';
import { upsertComment } from '../preview/comment.ts';
import { readArguments } from './arguments.ts';

const usage = `npm run comment -- --pull NUMBER FILE
Puts a Markdown file under a pull request, and the next time rewrites that comment. Wants what GitHub Actions set:
GITHUB_REPOSITORY and GITHUB_API_URL, and GITHUB_TOKEN with the permission pull-requests: write.`;

const { values, positionals } = readArguments(usage, {
  options: { pull: { type: 'string' } },
  allowPositionals: true,
});
const [file] = positionals;
if (!file || !/^\d+$/.test(values.pull ?? '')) {
  console.error(usage);
  process.exit(2);
}

const { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = process.env;
try {
  if (!api || !repository || !token)
    throw new Error('GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN must be set');
  const pull = { api, repository, token, number: Number(values.pull) };
  const done = await upsertComment(pull, '<!-- product-stack preview -->', readFileSync(file, 'utf8'));
  console.log(`comment ${done}`);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
