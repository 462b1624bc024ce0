// Prints every failed test with its first error, then one line of counts. Arguments: the folder of vitest's JSON
// results, and how many sections failed, which counts when a section failed outside of its tests.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LINES_OF_ERROR = 12;
const [folder, failedSections] = process.argv.slice(2);

const runs = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));

const firstLines = (message) => message.split('\n').slice(0, LINES_OF_ERROR).join('\n  ');

for (const file of runs.flatMap((run) => run.testResults)) {
  if (file.status === 'failed' && file.message) console.log(`failed: ${file.name}\n  ${firstLines(file.message)}`);
  for (const test of file.assertionResults.filter((each) => each.status === 'failed')) {
    console.log(`failed: ${file.name} > ${test.fullName}\n  ${firstLines(test.failureMessages[0] ?? '')}`);
  }
}

const sum = (key) => runs.reduce((total, run) => total + run[key], 0);
console.log(`${sum('numPassedTests')} passed, ${sum('numFailedTests') || Number(failedSections)} failed`);
