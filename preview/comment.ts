/** A pull request's place on GitHub, as Actions describe it. */
export interface PullRequest {
  /** Such as `https://api.github.com`. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  readonly token: string;
}

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly login: string };
}

/** Who comments with a workflow's own token. */
const author = 'github-actions[bot]';

/**
 * Writes a comment, or rewrites the one that was written before: the first of this author that begins with the marker.
 * @returns what was done. @throws Error with what GitHub answered.
 */
export async function upsertComment(
  pull: PullRequest,
  marker: string,
  text: string,
): Promise<'created' | 'updated'> {
  const body = `${marker}\n${text}`;
  const known = await find(pull, marker);
  if (known) await call(pull, 'PATCH', `issues/comments/${known.id}`, { body });
  else await call(pull, 'POST', `issues/${pull.number}/comments`, { body });
  return known ? 'updated' : 'created';
}

async function find(pull: PullRequest, marker: string): Promise<Comment | undefined> {
  for (let page = 1; ; page++) {
    const path = `issues/${pull.number}/comments?per_page=100&page=${page}`;
    const comments = (await call(pull, 'GET', path)) as Comment[];
    const own = comments.find(({ body, user }) => user?.login === author && body?.startsWith(marker));
    if (own || comments.length < 100) return own;
  }
}

async function call({ api, repository, token }: PullRequest, method: string, path: string, body?: object) {
  const response = await fetch(`${api}/repos/${repository}/${path}`, {
    method,
    headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${token}` },
    body: body && JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`GitHub answered ${response.status} to ${method} ${path}: ${await response.text()}`);
  return response.json();
}
