import { expect } from 'chai';
import { idleGrace } from '../../apps/kit/serve.ts';
import { upstreams } from '../../stacks/nginx-settings.ts';

describe('an upstream in nginx', () => {
  it('ends idle connections a second before an app that stops would', () => {
    const configuration = upstreams({ 'product-api': 8080 });
    const [, seconds] = /keepalive_timeout (\d+)s;/.exec(configuration)!;
    expect(Number(seconds) * 1000 + 1000).to.be.at.most(idleGrace);
  });
});
