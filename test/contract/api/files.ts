import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'test/contract/__snapshots__/api';

/** The contract that landed last, for machines. */
export const BASELINE_FILE = join(FOLDER, 'baseline.json');

/** The file that holds one part of the contract as text. */
export const getTextFile = (name: string): string => join(FOLDER, `${name}.txt`);

export const listTextFiles = (): string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => join(FOLDER, file))
    .toSorted();

/** Replaces all texts by the ones given, by name. */
export function writeContractTexts(texts: ReadonlyMap<string, string>): void {
  mkdirSync(FOLDER, { recursive: true });
  for (const file of listTextFiles()) rmSync(file);
  for (const [name, text] of texts) writeFileSync(getTextFile(name), text);
}
