import { csv } from './import/csv.ts';
import { ImportStack } from './import/import-stack.ts';
import { mysql } from './import/mysql.ts';
import { postgres } from './import/postgres.ts';
import { stopping } from './import/stopping.ts';

describe('products that are brought along', function () {
  this.timeout(300_000);
  const stack = new ImportStack('import');

  before(async () => {
    await stack.init({ replicas: '1', storefrontReplicas: '1', catalogueSize: '50' });
    await stack.upOk();
  });
  after(() => stack.dispose());

  csv(stack);
  stopping(stack);
  mysql(stack);
  postgres(stack);
});
