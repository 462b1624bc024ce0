// Runs before each test file of a Node process: the first opens the process' database, every other finds it empty.
import { inject } from 'vitest';
import { emptyDatabase, processDatabase, setProcessDatabase } from './of-file.ts';
import { openCopy } from './open.ts';
import { pgliteTemplate } from './template.ts';

const open = processDatabase();
if (open) await emptyDatabase(open);
else {
  const { url, connectionString } = await openCopy(
    inject('embedded') ? await pgliteTemplate() : inject('template'),
  );
  setProcessDatabase({ endpoint: url, connectionString });
}
