import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { Refusal } from '../processes/serve-requests.ts';

const MAX_ENTRIES = 20_000;

async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > MAX_ENTRIES) throw new Refusal(`the archive has more than ${MAX_ENTRIES} entries`);
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  return entries;
}

/**
 * The parts of an office document, which is a zip archive. Only requested parts are decompressed, and only as far as
 * they are read.
 */
export class Archive {
  #zip: ZipFile;
  #entries: Map<string, Entry>;

  private constructor(zip: ZipFile, entries: Map<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws Refusal for what is no archive, or has too many entries */
  static async open(path: string): Promise<Archive> {
    let zip: ZipFile | undefined;
    try {
      zip = await openPromise(path, { autoClose: false });
      return new Archive(zip, await listEntries(zip));
    } catch (error) {
      zip?.close();
      throw error instanceof Refusal ? error : new Refusal('the archive is damaged or cut off');
    }
  }

  /** The name of the first of these parts that there is. */
  find(names: readonly string[]): string | undefined {
    return names.find((name) => this.#entries.has(name));
  }

  /** The bytes of a part as they are decompressed; undefined where there is none. They fail with any error when the part is damaged. */
  async read(name: string): Promise<Readable | undefined> {
    const entry = this.#entries.get(name);
    return entry?.canDecodeFileData() ? this.#zip.openReadStreamPromise(entry) : undefined;
  }

  close(): void {
    this.#zip.close();
  }
}
