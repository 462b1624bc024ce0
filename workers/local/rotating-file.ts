import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

export interface RotatingFileOptions {
  path: string;
  /** Size at which a new file is begun. */
  maxBytes: number;
  /** How many older files are kept, as `<path>.1`, `<path>.2`, … */
  keptFiles: number;
}

/** A file of lines that never takes more than `maxBytes` × (`keptFiles` + 1) of disk, readable by its owner only. */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #file: number;
  #size: number;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
    this.#file = openSync(options.path, 'a', 0o600);
    this.#size = fstatSync(this.#file).size;
  }

  /** Writes at once: nothing waits in memory, and nothing is lost when the process is killed. */
  writeLine(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    if (this.#size > 0 && this.#size + bytes.length > this.#options.maxBytes) this.#rotate();
    writeSync(this.#file, bytes);
    this.#size += bytes.length;
  }

  close(): void {
    closeSync(this.#file);
  }

  #rotate(): void {
    const { path, keptFiles } = this.#options;
    closeSync(this.#file);
    for (let age = keptFiles; age > 0; age--) {
      try {
        renameSync(age === 1 ? path : `${path}.${age - 1}`, `${path}.${age}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // not that many yet
      }
    }
    this.#file = openSync(path, 'w', 0o600);
    this.#size = 0;
  }
}
