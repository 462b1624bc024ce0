import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { REPEATED_ON_PGLITE } from '../support/database/repeated-on-pglite.ts';

it.each(REPEATED_ON_PGLITE)('%s, which is repeated on PGlite, names test files', (pattern) => {
  expect(globSync(pattern)).not.toEqual([]);
});
