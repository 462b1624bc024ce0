import { findViolations, formatViolation } from './find-violations.ts';
import { readSources } from './scan.ts';

// `npm run check:arrows`: prints every violation of the import and table rules, and fails when there is one.
const violations = findViolations(readSources());
for (const violation of violations) console.error(formatViolation(violation));
process.exitCode = violations.length === 0 ? 0 : 1;
