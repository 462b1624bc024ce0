import { findViolations } from './rules.ts';
import { listArrows, readSources } from './scan.ts';

// `npm run check:arrows`: prints every import that breaks a rule of the house, and fails when there is one.
const violations = findViolations(listArrows(readSources()));
for (const line of violations) console.error(line);
process.exitCode = violations.length === 0 ? 0 : 1;
