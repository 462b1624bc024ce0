import type { Scanner } from './scans.ports.ts';

/** The test file of the European Institute for Computer Antivirus Research, in two halves: whole it would be found in our sources. */
const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/** A scanner that knows one signature, the EICAR test file. It finds no real virus, so it is for development only. */
export function createSignatureScanner(): Scanner {
  return {
    async scan(body) {
      const decoder = new TextDecoder('latin1');
      // The end of what came before, because a signature can lie across two chunks.
      let before = '';
      let isInfected = false;
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
        const text = before + decoder.decode(chunk);
        isInfected ||= text.includes(EICAR);
        before = text.slice(-EICAR.length);
      }
      return isInfected ? 'infected' : 'clean';
    },
  };
}
