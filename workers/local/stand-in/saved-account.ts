import { rename } from 'node:fs/promises';
import { readJsonFile, writePrivateJson } from '../json-files.ts';
import type { AccountDump } from './account.ts';

/** The parts of an account that are saved. */
export interface Saveable {
  changes: number;
  dump(): AccountDump;
  restore(dump: AccountDump): void;
}

/** An account in a file, so that a product that knows its customers finds them after another start, even after a crash. */
export class SavedAccount {
  readonly #account: Saveable;
  readonly #file: string;
  #savedChanges = 0;
  #saving: Promise<void> | undefined;

  constructor(account: Saveable, file: string) {
    this.#account = account;
    this.#file = file;
  }

  /** @throws CommandError when the file is not JSON */
  async load(): Promise<void> {
    const dump = await readJsonFile<AccountDump>(this.#file);
    if (dump) this.#account.restore(dump);
  }

  /** Writes the file if something has changed. */
  async save(): Promise<void> {
    await this.#saving;
    if (this.#savedChanges === this.#account.changes) return;
    this.#savedChanges = this.#account.changes;
    this.#saving = this.#write();
    await this.#saving;
  }

  async #write(): Promise<void> {
    const written = `${this.#file}.new`;
    await writePrivateJson(written, this.#account.dump());
    await rename(written, this.#file); // a crash leaves the earlier file or this one, never half of it
  }
}
