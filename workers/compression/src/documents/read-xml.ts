import sax from 'sax';
import { Refusal } from '../processes/serve-requests.ts';
import type { Archive } from './archive.ts';

/** Largest decompressed size of one part: the rest is not read. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 200;

export type Attributes = Readonly<Record<string, string>>;

/** What to do with the elements of a part. Names are without their prefixes, attributes with them. */
export interface XmlReader {
  open?(name: string, attributes: Attributes): void;
  close?(name: string): void;
  text?(text: string): void;
  /** Nothing more is needed: the rest is not decompressed. */
  isDone(): boolean;
}

const withoutPrefix = (name: string) => name.slice(name.indexOf(':') + 1);

/** A parser that knows only the five entities of XML: an entity that a document declares is an error. */
function createParser(reader: XmlReader): sax.SAXParser {
  let depth = 0;
  const text = (content: string) => reader.text?.(content);
  return Object.assign(sax.parser(true), {
    onerror(error: Error) {
      throw new Refusal(`a part of the document cannot be read: ${error.message.split('\n')[0]}`);
    },
    ondoctype() {
      throw new Refusal('a part of the document declares a document type');
    },
    onopentag({ name, attributes }: sax.Tag) {
      if (++depth > MAX_DEPTH) throw new Refusal(`the elements of the document are nested ${depth} deep`);
      reader.open?.(withoutPrefix(name), attributes);
    },
    onclosetag(name: string) {
      depth--;
      reader.close?.(withoutPrefix(name));
    },
    ontext: text,
    oncdata: text,
  });
}

/**
 * Reads a part as XML until the reader is done. @returns whether there is such a part
 * @throws Refusal when it is damaged, or needs what no office document does
 */
export async function readXml(archive: Archive, name: string, reader: XmlReader): Promise<boolean> {
  const parser = createParser(reader);
  const decoder = new TextDecoder();
  try {
    const bytes = await archive.read(name);
    if (!bytes) return false;
    let read = 0;
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      parser.write(decoder.decode(chunk, { stream: true }));
      read += chunk.length;
      if (reader.isDone() || read > MAX_BYTES) break;
    }
    return true;
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('a part of the document is damaged');
  }
}
