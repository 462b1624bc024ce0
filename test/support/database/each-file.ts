// Runs before each test file of a Node process: opens the process's database for the first file, empties it for others.
import { inject } from 'vitest';
import { emptyDatabase, processDatabase, setProcessDatabase } from './of-file.ts';
import { openCopy } from './open.ts';
import { answerDriver } from './answer-driver.ts';
import { pgliteTemplate } from './template.ts';

const open = processDatabase();
if (open) await emptyDatabase(open);
else {
  const { url, connectionString, backend } = await openCopy(
    inject('embedded') ? await pgliteTemplate() : inject('template'),
  );
  answerDriver(url, backend);
  setProcessDatabase({ endpoint: url, connectionString });
}
