import { brokenRules } from './rules.ts';
import { arrowsOf, readSources } from './scan.ts';

// `npm run check:arrows`: prints every import that breaks a rule of the house, and fails when there is one.
const broken = brokenRules(arrowsOf(readSources()));
for (const line of broken) console.error(line);
process.exitCode = broken.length === 0 ? 0 : 1;
