// Runs before each test file in workerd, which cannot open a database itself: one was opened for each worker.
import { inject } from 'vitest';
import { emptyDatabase, setProcessDatabase } from './of-file.ts';

const address = inject('databases')[Number(process.env.VITEST_POOL_ID) - 1];
if (!address) throw new Error(`no database is open for worker ${process.env.VITEST_POOL_ID}`);
setProcessDatabase(address);
await emptyDatabase(address);
