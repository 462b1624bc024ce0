import { strFromU8, unzlibSync } from 'fflate';
import { expect } from 'vitest';

/** The texts that the pages of a PDF show, in order, after a look at whether every object lies where the file says. */
export function readPdf(file: Uint8Array): string[] {
  const text = strFromU8(file, true);
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]);
  const offsets = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) =>
    Number(offset),
  );
  offsets.forEach((offset, index) => expect(text.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj\n`)));
  const streams = [...text.matchAll(/\/Length (\d+)\/Filter\/FlateDecode>>\nstream\n/g)];
  return streams.flatMap((found) => {
    const from = found.index + found[0].length;
    const drawing = strFromU8(unzlibSync(file.slice(from, from + Number(found[1]))), true);
    return [...drawing.matchAll(/<([0-9a-f]*)> Tj/g)].map(([, codes]) =>
      new TextDecoder('windows-1252').decode(Buffer.from(codes!, 'hex')),
    );
  });
}
