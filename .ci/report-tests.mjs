// Prints every failed test with the beginning of its error, then one line of counts. Arguments: the folder of vitest's
// JSON results, and the number of failed sections, which counts when what failed was not a test.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LINES_OF_ERROR = 12;
const [folder, failedSections] = process.argv.slice(2);

const print = (text) => process.stdout.write(`${text}\n`);

const printFailure = (name, message = '') =>
  print(`failed: ${name}\n  ${message.split('\n').slice(0, LINES_OF_ERROR).join('\n  ')}`);

const runs = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));

for (const file of runs.flatMap((run) => run.testResults)) {
  if (file.status === 'failed' && file.message) printFailure(file.name, file.message);
  for (const test of file.assertionResults.filter((each) => each.status === 'failed')) {
    printFailure(`${file.name} > ${test.fullName}`, test.failureMessages[0]);
  }
}

const sum = (key) => runs.reduce((total, run) => total + run[key], 0);
print(`${sum('numPassedTests')} passed, ${sum('numFailedTests') || Number(failedSections)} failed`);
