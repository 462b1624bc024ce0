import { Refusal } from '../processes/serve-requests.ts';
import type { Archive } from './archive.ts';
import { type Attributes, readXml, type XmlReader } from './read-xml.ts';
import { LINES } from './text-page.ts';

/** What a page cannot hold is not read. */
const MAX_CHARACTERS = 20_000;
const PARAGRAPHS = new Set(['p', 'h']);
/** Elements that are not on the page: comments, and text that was deleted. */
const HIDDEN = new Set(['annotation', 'tracked-changes']);
/** In Office Open XML text is in elements `t`; in OpenDocument it is all in paragraphs. */
type Dialect = 'office' | 'open';

class ParagraphReader implements XmlReader {
  readonly lines: string[] = [];
  #dialect: Dialect;
  #line = '';
  #characters = 0;
  #hidden = 0;
  #texts = 0;
  #cells = 0;
  #isPageOver = false;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  isDone(): boolean {
    return this.#isPageOver || this.lines.length >= LINES || this.#characters > MAX_CHARACTERS;
  }

  open(name: string, attributes: Attributes): void {
    if (HIDDEN.has(name)) this.#hidden++;
    if (this.#isText(name)) this.#texts++;
    if (name === 'tc' || name === 'table-cell') this.#cells++;
    if (name === 'tab') this.#write('\t');
    if (name === 's' && this.#dialect === 'open') this.#write(' '); // spaces that follow others
    if (name === 'br' && attributes['w:type'] === 'page') this.#endPage();
    else if (name === 'br' || name === 'cr' || name === 'line-break') this.#endLine();
    if (name === 'lastRenderedPageBreak') this.#endPage();
  }

  close(name: string): void {
    if (HIDDEN.has(name)) this.#hidden--;
    if (this.#isText(name)) this.#texts--;
    if (name === 'tc' || name === 'table-cell') {
      this.#cells--;
      this.#write('\t');
    }
    if (PARAGRAPHS.has(name)) this.#endLine();
    if (name === 'tr' || name === 'table-row') this.#endLine();
    if (name === 'page') this.#endPage(); // of a presentation in OpenDocument
  }

  text(text: string): void {
    if (this.#texts > 0 && this.#hidden === 0) this.#write(text.replaceAll(/\s+/g, ' '));
  }

  /** What is left on the last line. */
  end(): string[] {
    if (this.#line !== '') this.lines.push(this.#line);
    return this.lines;
  }

  #isText(name: string): boolean {
    return this.#dialect === 'office' ? name === 't' : PARAGRAPHS.has(name);
  }
  #write(text: string): void {
    if (this.isDone()) return;
    this.#line += text;
    this.#characters += text.length;
  }
  /** The paragraphs of a cell stay on the line of its row. */
  #endLine(): void {
    if (this.#cells > 0) return this.#write(' ');
    if (this.isDone()) return;
    this.lines.push(this.#line);
    this.#line = '';
  }
  #endPage(): void {
    if (this.lines.some((line) => line.trim() !== '') || this.#line.trim() !== '') this.#isPageOver = true;
  }
}

/** The lines of the first page of a text or presentation. @throws Refusal where there is no such part, or it is damaged */
export async function readParagraphs(archive: Archive, part: string): Promise<string[]> {
  const reader = new ParagraphReader(part === 'content.xml' ? 'open' : 'office');
  if (!(await readXml(archive, part, reader))) throw new Refusal('the document has no first page');
  return reader.end();
}
