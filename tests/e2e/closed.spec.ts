import { TestStack } from './support/test-stack.ts';
import { audit } from './closed/audit.ts';
import { database } from './closed/database.ts';
import { edgeCache } from './closed/edge-cache.ts';
import { hostile } from './closed/hostile.ts';
import { https } from './closed/https.ts';
import { manners } from './closed/manners.ts';
import { options } from './closed/options.ts';
import { renewal } from './closed/renewal.ts';
import { secrets } from './closed/secrets.ts';

describe('closed by default', () => {
  const stack = new TestStack('closed');
  before(async () => {
    await stack.init({ replicas: '2', storefrontReplicas: '1', catalogueSize: '50' });
    await stack.upOk();
  });
  after(() => stack.dispose());

  describe('https', () => https(stack));
  describe('edge', () => manners(stack));
  describe('audit', () => audit(stack));
  describe('Postgres', () => database(stack));
  describe('hostile input', () => hostile(stack));
  describe('secrets', () => secrets(stack));
  describe('a new certificate and a new password of the database', () => renewal(stack));
  describe('edgeCacheSeconds', () => edgeCache(stack));
  describe('options', () => options(stack));
});
