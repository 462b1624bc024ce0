// Runs before a TypeScript entry, on whatever Node there is: says in one line what an older one could not.
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const NEEDED = 24;
const major = Number(process.versions.node.split('.')[0]);
const installed = existsSync(join(__dirname, '../../node_modules/.package-lock.json'));

if (!installed || major < NEEDED) {
  console.error(
    installed
      ? `auralink: needs Node ${NEEDED} or later, this is ${process.version}; \`npm ci\` installs one that \`npm start\` uses`
      : 'auralink: its packages are not installed; run `npm ci` first',
  );
  process.exit(1);
}
