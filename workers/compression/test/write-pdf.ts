import { deflateSync } from 'node:zlib';

/** Bytes of a PDF with these objects, the first of which is its root. */
export function writePdf(objects: readonly (string | Buffer)[], trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  const length = () => parts.reduce((sum, part) => sum + part.length, 0);
  for (const [index, object] of objects.entries()) {
    offsets.push(length());
    parts.push(Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n'));
  }
  const startsAt = length();
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const head = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`;
  const end = `trailer\n<</Size ${objects.length + 1}/Root 1 0 R${trailer}>>\nstartxref\n${startsAt}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(head + end)]);
}

/** A stream of a PDF, compressed. */
export function writeStream(content: string | Buffer, dictionary = ''): Buffer {
  const data = deflateSync(content);
  const head = `<</Length ${data.length}/Filter/FlateDecode${dictionary}>>\nstream\n`;
  return Buffer.concat([Buffer.from(head), data, Buffer.from('\nendstream')]);
}

/** A document whose pages are all filled with a colour, from red on. */
export function writePages(count: number, box = '0 0 200 100', trailer = ''): Buffer {
  const kids = Array.from({ length: count }, (_, page) => `${3 + 2 * page} 0 R`);
  const pages = kids.flatMap((_, page) => [
    `<</Type/Page/Parent 2 0 R/MediaBox[${box}]/Contents ${4 + 2 * page} 0 R/Resources<<>>>>`,
    writeStream(`${page === 0 ? '1 0 0' : '0 0 1'} rg 0 0 200 100 re f`),
  ]);
  return writePdf(
    [
      '<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(while\\(true\\);)>>>>',
      `<</Type/Pages/Kids[${kids.join(' ')}]/Count ${count}>>`,
      ...pages,
    ],
    trailer,
  );
}

/** A page whose forms draw each other, ten times each, so many deep. */
export function writeFormBomb(depth: number): Buffer {
  const form = (level: number) =>
    writeStream(
      '/F Do '.repeat(10),
      `/Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<</XObject<</F ${level + 6} 0 R>>>>`,
    );
  return writePdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>',
    writeStream('/F Do'),
    ...Array.from({ length: depth }, (_, level) => form(level)),
    writeStream('0 0 50 50 re f', '/Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<<>>'),
  ]);
}
